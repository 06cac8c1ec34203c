using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// Decides of each request that arrives whether it is admitted, whatever brought it. Takes microseconds and waits for nothing: payloads are read
/// by workers. Thread-safe.
/// </summary>
internal sealed class RequestGate(ServingSettings settings, AdmissionBudget budget, ModelLanes lanes, Dismissal dismissal, TimeProvider time)
{
    private volatile bool _closed;

    /// <summary>Who hands requests to servers; null where nobody does.</summary>
    public IOffloadDesk? Desk { get; set; }

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
        long due = request.ReceivedTimestamp + (long)(left.TotalSeconds * time.TimestampFrequency);
        var outcome = TryAdmit(request, properties, lane, due);
        // Another lane may have come to serve its version since this one was found.
        return outcome.Reason == RefusalReason.NotInService && lanes.TryFind(model, out versions) && versions.Find(properties.ModelVersion) is { } other && other != lane
            ? TryAdmit(request, properties, other, due)
            : outcome;
    }

    private Outcome TryAdmit(IncomingRequest request, in RequestProperties properties, ModelLane lane, long due)
    {
        lane.BeginDecision();
        try
        {
            return Decide(request, properties, lane, due);
        }
        finally
        {
            lane.EndDecision();
        }
    }

    private Outcome Decide(IncomingRequest request, in RequestProperties properties, ModelLane lane, long due)
    {
        var refused = lane.Refusal(properties);
        if (Desk is { } desk && properties.Offload != OffloadRule.Never) return Route(desk, request, properties, lane, due, refused);
        if (properties.Offload == OffloadRule.Only) return new Outcome(RefusalReason.Unfit, $"the request asks for a server (offload: only), and {settings.Who} asks none");
        return refused.Status == InferenceStatus.Ok ? Enqueue(request, properties, lane, due) : refused;
    }

    private Outcome Route(IOffloadDesk desk, IncomingRequest request, in RequestProperties properties, ModelLane lane, long due, in Outcome refused)
    {
        bool isOnly = properties.Offload == OffloadRule.Only;
        var advice = desk.Advise(new RouteQuery
        {
            Lane = lane,
            Properties = properties,
            Bytes = request.PayloadLength,
            Due = due,
            Now = time.GetTimestamp(),
            IsServedHere = refused.Status == InferenceStatus.Ok && !isOnly,
        });
        if (advice.Route == RequestRoute.Server) return Send(desk, request, properties, lane, due, advice);
        if (advice.Refusal.Status != InferenceStatus.Ok && (isOnly || refused.Status != InferenceStatus.Ok)) return advice.Refusal;
        if (isOnly) return desk.NoServer(lane.Name);
        return refused.Status == InferenceStatus.Ok ? Enqueue(request, properties, lane, due) : refused; // a queue says itself why it takes no more
    }

    private Outcome Send(IOffloadDesk desk, IncomingRequest request, in RequestProperties properties, ModelLane lane, long due, in RouteAdvice advice)
    {
        var entered = TryEnter(request, properties, due, out var pending);
        if (entered.Status != InferenceStatus.Ok) return entered;
        var sending = desk.Prepare(pending!, lane, advice);
        if (advice.HasFallback && Add(pending!, lane, properties, due, isHeld: true) is { Status: not InferenceStatus.Ok } full) return full;
        if (desk.TrySend(sending) || advice.HasFallback) return Outcome.Ok; // where nothing could be sent, its fallback is free to run
        pending!.Withdraw();
        return desk.NoServer(lane.Name);
    }

    private Outcome Enqueue(IncomingRequest request, in RequestProperties properties, ModelLane lane, long due)
    {
        var entered = TryEnter(request, properties, due, out var pending);
        return entered.Status == InferenceStatus.Ok ? Add(pending!, lane, properties, due, isHeld: false) : entered;
    }

    private Outcome TryEnter(IncomingRequest request, in RequestProperties properties, long due, out PendingRequest? pending)
    {
        Span<char> client = stackalloc char[Identifier.MaximumLength];
        client = client[..Encoding.ASCII.GetChars(request.Client, client)];
        var entered = budget.TryEnter(client, request.PayloadLength, out pending, out var place);
        if (entered.Status == InferenceStatus.Ok) pending!.Begin(request, properties, place!, due, time.GetTimestamp());
        return entered;
    }

    private Outcome Add(PendingRequest pending, ModelLane lane, in RequestProperties properties, long due, bool isHeld)
    {
        var verdict = lane.TryAdd(pending, out var displaced, isHeld);
        if (displaced is not null) dismissal.End(displaced, lane.Name, displaced.Due < time.GetTimestamp() ? ModelServer.WaitedTooLong : new Outcome(RefusalReason.Displaced, Displaced, Later));
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
