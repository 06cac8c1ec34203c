using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Responses;

/// <summary>How many requests ended how, and how many answers the link could not take. Thread-safe.</summary>
internal sealed class ResponseCounters(EventLog log)
{
    private readonly long[] _byStatus = new long[(int)InferenceStatus.Internal + 1];
    private long _lost;

    public long this[InferenceStatus status] => Interlocked.Read(ref _byStatus[(int)status]);

    public long LostAnswers => Interlocked.Read(ref _lost);

    public void Count(InferenceStatus status) => Interlocked.Increment(ref _byStatus[(int)status]);

    // Told at powers of two: a full queue loses many answers in a row.
    public void Lost(PublishOutcome outcome)
    {
        long lost = Interlocked.Increment(ref _lost);
        if ((lost & (lost - 1)) == 0) log.Warning("mqtt", $"an answer could not be sent: {outcome}; {lost} so far");
    }
}
