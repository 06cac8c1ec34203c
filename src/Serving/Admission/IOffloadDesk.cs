using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Admission;

/// <summary>Where a request goes.</summary>
internal enum RequestRoute
{
    /// <summary>No choice would keep the promise.</summary>
    Refuse,

    /// <summary>Into the device's own queue.</summary>
    Local,

    /// <summary>To a server, with a run of its own kept ready where the decision says so.</summary>
    Server,
}

/// <summary>What is decided of a request at its arrival.</summary>
/// <param name="Route">Where to.</param>
/// <param name="HasFallback">Whether the device can still answer should the server not.</param>
/// <param name="Server">Which one; null for none.</param>
/// <param name="Refusal">Why none is asked, for a request that only a server could answer; OK where <see cref="IOffloadDesk.NoServer"/> says it.</param>
internal readonly record struct RouteAdvice(RequestRoute Route, bool HasFallback = false, object? Server = null, Outcome Refusal = default);

/// <summary>A request at its arrival, and what this host could do for it.</summary>
internal readonly ref struct RouteQuery
{
    /// <summary>The model's lane.</summary>
    public required ModelLane Lane { get; init; }
    public required RequestProperties Properties { get; init; }
    /// <summary>Bytes of its payload.</summary>
    public required int Bytes { get; init; }
    /// <summary>Its deadline, and the time; timestamps of the clock.</summary>
    public required long Due { get; init; }
    public required long Now { get; init; }
    /// <summary>Whether the model is here and grants what is asked for.</summary>
    public required bool IsServedHere { get; init; }
}

/// <summary>Hands requests to other hosts and takes their answers. Null where a host has nobody to hand anything to. Thread-safe; nothing in it waits.</summary>
internal interface IOffloadDesk
{
    /// <summary>Where a request is best answered.</summary>
    RouteAdvice Advise(in RouteQuery query);

    /// <summary>Why no server is asked at present, for a request that wants none but a server.</summary>
    Outcome NoServer(string model);

    /// <summary>Takes note of a request that is to be sent; from now on its lease's end is told.</summary>
    /// <param name="pending">Begun, and in no queue yet.</param>
    /// <param name="lane">Its model's.</param>
    /// <param name="advice">What <see cref="Advise"/> said.</param>
    ISending Prepare(PendingRequest pending, ModelLane lane, in RouteAdvice advice);

    /// <summary>Sends it. False where that cannot be: then it is as if it was never prepared. Where its lease has ended by now there is nothing to send.</summary>
    bool TrySend(ISending sending);

    /// <summary>Gives a client's request up that waits for a server alone; false where there is none.</summary>
    bool Cancel(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation);

    /// <summary>
    /// Waits until nothing waits for a server alone; what still does then is told that this host shuts down. Nothing is sent any more when it is called.
    /// </summary>
    Task DrainAsync(TimeSpan patience);
}

/// <summary>A request that is on its way to a server and back.</summary>
internal interface ISending
{
    /// <summary>The request's lease ends here: an answer that comes later is nobody's. Returns once no answer is being given.</summary>
    void Ended();
}
