using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Transport;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// Decides of each request that arrives whether it is admitted, whatever brought it. Takes microseconds and waits for nothing: payloads are read
/// by workers. Thread-safe.
/// </summary>
internal sealed class RequestGate(ServingSettings settings, AdmissionBudget budget, ModelLanes lanes, Dismissal dismissal, TimeProvider time)
{
    private volatile bool _closed;

    /// <summary>From now on every request is refused: the device shuts down.</summary>
    public void Close() => _closed = true;

    /// <summary>OK where the request is admitted: it will be answered and disposed. Else it stays the caller's to do both.</summary>
    /// <param name="request">Complete, its envelope checked.</param>
    /// <param name="properties">Its wishes.</param>
    /// <param name="model">The model's name, a valid identifier in UTF-8.</param>
    /// <param name="left">What was left of its client's time when it was received.</param>
    public Outcome TryAdmit(IncomingRequest request, in RequestProperties properties, ReadOnlySpan<byte> model, TimeSpan left)
    {
        if (request.PayloadLength > settings.Limits.PayloadBytes.Bytes)
            return Outcome.Invalid($"the payload has {request.PayloadLength} bytes, over the limit of {settings.Limits.PayloadBytes.Bytes} (limits.payloadBytes)");
        if (_closed) return ShuttingDown();
        if (left <= TimeSpan.Zero) return new Outcome(RefusalReason.Expired, "the deadline had passed when the request arrived");
        if (!lanes.TryFind(model, out var versions)) return new Outcome(RefusalReason.UnknownModel, $"no model '{Encoding.UTF8.GetString(model)}' on {settings.Who}, only {lanes}");
        if (versions.Find(properties.ModelVersion) is not { } lane) return versions.Unknown(properties.ModelVersion.ToString());
        if (lane.Refusal(properties) is { Status: not InferenceStatus.Ok } refused) return refused;
        return Enqueue(request, properties, lane, request.ReceivedTimestamp + (long)(left.TotalSeconds * time.TimestampFrequency));
    }

    private Outcome Enqueue(IncomingRequest request, in RequestProperties properties, ModelLane lane, long due)
    {
        Span<char> client = stackalloc char[Identifier.MaximumLength];
        client = client[..Encoding.ASCII.GetChars(request.Client, client)];
        var entered = budget.TryEnter(client, request.PayloadLength, out var pending, out var place);
        if (entered.Status != InferenceStatus.Ok) return entered;
        pending!.Begin(request, properties, place!, due, time.GetTimestamp());
        var verdict = lane.TryAdd(pending, out var displaced);
        if (displaced is not null) dismissal.End(displaced, lane.Name, new Outcome(RefusalReason.Displaced, Displaced, Later));
        if (verdict.IsAdmitted) return Outcome.Ok;
        pending.Withdraw();
        return verdict.Refusal == QueueRefusal.Closed ? Closed(lane, properties) : Refuse(verdict, lane, due);
    }

    private Outcome Refuse(in QueueVerdict verdict, ModelLane lane, long due)
    {
        long now = time.GetTimestamp();
        var wait = time.GetElapsedTime(0, verdict.Late);
        return verdict.Refusal switch
        {
            QueueRefusal.Full => Exhausted(RefusalReason.QueueFull, $"the queue of model '{lane.Id}' is at its limit of {settings.Limits.QueueMessages} requests (limits.queueMessages)", time.GetElapsedTime(now, verdict.Completion)),
            QueueRefusal.OverTarget => Exhausted(RefusalReason.OverTarget, $"model '{lane.Id}' has as many requests waiting as its latency target allows", wait),
            QueueRefusal.OverShare => Exhausted(RefusalReason.Share, $"the client has its share of what model '{lane.Id}' takes at once, while others ask too", wait),
            QueueRefusal.DelaysAnother => Exhausted(RefusalReason.Promised, $"model '{lane.Id}' has promised the time to requests that it accepted before", wait),
            _ => new Outcome(RefusalReason.NoTime, $"model '{lane.Id}' would answer in {Milliseconds(now, verdict.Completion)} ms, and {Milliseconds(now, due)} ms are left", wait),
        };
    }

    // A lane is closed where the device shuts down, or where its model went away between the look at it and now.
    private Outcome Closed(ModelLane lane, in RequestProperties properties) =>
        !_closed && lane.Refusal(properties) is { Status: not InferenceStatus.Ok } gone ? gone : ShuttingDown();

    private long Milliseconds(long now, long then) => (long)Math.Ceiling(time.GetElapsedTime(now, then).TotalMilliseconds);

    private static Outcome Exhausted(RefusalReason reason, string error, TimeSpan wait) => new(reason, error, wait > Soonest ? wait : Soonest);

    private Outcome ShuttingDown() => new(RefusalReason.ShuttingDown, $"{settings.Who} is shutting down");

    private const string Displaced = "a request of higher priority took the place: the queue is at its limit (limits.queueMessages)";
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1), Later = TimeSpan.FromMilliseconds(100);
}
