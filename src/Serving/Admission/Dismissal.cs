using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// Answers and counts requests that were admitted and that no model answers: displaced or given up while they waited, met by no model when their turn
/// came, or lost with a run that did not end. Thread-safe.
/// </summary>
/// <param name="responder">Its own.</param>
/// <param name="metrics">Where they are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class Dismissal(Responder responder, DeviceMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly InferenceResponse _none = new();

    /// <summary>Answers a request where nobody has, and ends it.</summary>
    /// <param name="pending">Taken out of its queue, or from its worker.</param>
    /// <param name="model">The name of its lane.</param>
    /// <param name="outcome">Anything but OK.</param>
    public void End(PendingRequest pending, string model, in Outcome outcome)
    {
        try
        {
            Answer(pending, model, outcome);
        }
        finally
        {
            pending.End();
        }
    }

    /// <summary>Answers a request where nobody has; its end stays the caller's.</summary>
    public void Answer(PendingRequest pending, string model, in Outcome outcome)
    {
        if (!pending.TryAnswer()) return;
        long now = time.GetTimestamp();
        var tale = new AnswerTale { Queue = time.GetElapsedTime(pending.Incoming.ReceivedTimestamp, now), Left = time.GetElapsedTime(now, pending.Due) };
        try
        {
            lock (_gate) responder.Answer(pending.Incoming, outcome, _none, null, tale);
        }
        finally
        {
            metrics.Model(model).Dismissed(outcome.Reason);
        }
    }
}
