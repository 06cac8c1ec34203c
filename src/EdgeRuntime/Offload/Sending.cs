using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Device.Offload;

/// <summary>
/// A request on its way to a server and back. Over once: when its answer is given, when it is lost, or when its lease ends. What is done to its request is
/// done under its lock, so that the lease cannot end meanwhile; the desk's lock is taken inside of it, never around it.
/// </summary>
internal sealed class Sending(OffloadDesk desk, long id, PendingRequest pending, ModelLane lane, KnownServer server, KnownServer.Line line) : ISending
{
    public Lock Gate { get; } = new();

    /// <summary>Its correlation data.</summary>
    public long Id { get; } = id;
    public PendingRequest Pending { get; } = pending;
    public ModelLane Lane { get; } = lane;
    public KnownServer Server { get; } = server;
    public KnownServer.Line Line { get; } = line;

    /// <summary>Whether the device can still answer it itself.</summary>
    public bool HasFallback { get; init; }
    /// <summary>Its deadline, a timestamp of the clock.</summary>
    public long Due { get; init; }
    public int Priority { get; init; }
    /// <summary>When it was sent, in seconds.</summary>
    public double SentAt { get; init; }
    /// <summary>Bytes of it, and of others that were on their way.</summary>
    public double Bytes { get; init; }
    /// <summary>Seconds that the server was expected to take.</summary>
    public double Promised { get; init; }
    /// <summary>When it is later than all but one in a thousand, in seconds.</summary>
    public double LateAt { get; init; }

    /// <summary>Whether it tries a server that failed.</summary>
    public bool IsProbe { get; init; }

    /// <summary>Whether it was noticed that it takes too long.</summary>
    public bool IsLate { get; set; }

    /// <summary>Whether it was published.</summary>
    public bool IsSent { get; set; }

    public bool IsOver { get; private set; }

    /// <summary>True for the first who ends it; holds <see cref="Gate"/>.</summary>
    public bool TryEnd_NeedsLock()
    {
        if (IsOver) return false;
        IsOver = true;
        desk.Forget(this);
        return true;
    }

    public void Ended()
    {
        lock (Gate)
            if (TryEnd_NeedsLock()) desk.GiveUp(this);
    }
}
