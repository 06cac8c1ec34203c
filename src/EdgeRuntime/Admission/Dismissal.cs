using EdgeRuntime.Device.Responses;
using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Admission;

/// <summary>Answers and ends requests that were admitted and will not be served: displaced or given up while they waited. Thread-safe.</summary>
/// <param name="responder">Its own.</param>
/// <param name="time">The clock.</param>
internal sealed class Dismissal(Responder responder, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly InferenceResponse _none = new();

    /// <param name="pending">Taken out of its queue; ended here.</param>
    /// <param name="outcome">Anything but OK.</param>
    public void End(PendingRequest pending, in Outcome outcome)
    {
        try
        {
            long now = time.GetTimestamp();
            var tale = new AnswerTale { Queue = time.GetElapsedTime(pending.Incoming.ReceivedTimestamp, now), Left = time.GetElapsedTime(now, pending.Due) };
            lock (_gate) responder.Answer(pending.Incoming, outcome, _none, null, tale);
        }
        finally
        {
            pending.End();
        }
    }
}
