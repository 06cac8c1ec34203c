using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// The lease of an admitted request: it holds what came in, a place in its client's quota and bytes of the device's budget, and <see cref="End"/>
/// gives all of it back. Whoever holds it answers it and ends it, exactly once. Pooled.
/// </summary>
internal sealed class PendingRequest(AdmissionBudget budget)
{
    private ClientQuota.Client? _client;
    private IncomingRequest? _incoming;
    private ClientShares.Share? _share;
    private long _round;
    private volatile bool _isCancelled, _isCharged, _isVoid;
    private RequestProperties _properties;
    private int _isAnswered;

    public IncomingRequest Incoming => _incoming ?? throw new InvalidOperationException("a request was used after its end");
    public ref readonly RequestProperties Properties => ref _properties;

    /// <summary>When its answer is worth nothing any more, as a timestamp of the clock.</summary>
    public long Due { get; private set; }

    /// <summary>When it was admitted, as a timestamp of the clock.</summary>
    public long Admitted { get; private set; }

    /// <summary>Another number each time that the lease is lent.</summary>
    public long Lease { get; private set; }

    /// <summary>Whether its client gave it up; it is answered so.</summary>
    public bool IsCancelled => _isCancelled;

    public void Cancel() => _isCancelled = true;

    /// <summary>It takes what a turn is worth, which counts against its client.</summary>
    public void Charge() => _isCharged = true;

    /// <summary>It turned out to be no request.</summary>
    public void Void() => _isVoid = true;

    /// <summary>True for the first who asks, who answers and counts it: a worker, or who has given that worker up.</summary>
    public bool TryAnswer() => Interlocked.Exchange(ref _isAnswered, 1) == 0;

    /// <summary>Whether a client calls it by this correlation data.</summary>
    public bool Is(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation) =>
        _incoming is { } incoming && incoming.Correlation.SequenceEqual(correlation) && incoming.Client.SequenceEqual(client);

    public void Begin(IncomingRequest incoming, in RequestProperties properties, ClientQuota.Client client, long due, long admitted)
    {
        (_incoming, _client, _properties, Due, Admitted) = (incoming, client, properties, due, admitted);
        Lease++;
        (_isCancelled, _isCharged, _isVoid, _isAnswered) = (false, false, false, 0);
    }

    /// <summary>Takes a place among the clients of a lane.</summary>
    public RoundPlace Join(ClientShares shares, long now, int capacity)
    {
        _share = shares.Enter(_client!.Name, now, capacity, out var place);
        _round = place.Round;
        return place;
    }

    /// <summary>Its way to a server; null where it is asked of none.</summary>
    public ISending? Sending { get; set; }

    /// <summary>The turn of the worker that took it; null while it waits.</summary>
    public Turn? Turn { get; set; }

    /// <summary>Ends the lease: disposes what came in and frees its places.</summary>
    public void End()
    {
        Sending?.Ended();
        Sending = null;
        Turn?.Leave(this);
        var incoming = Incoming;
        var client = _client!;
        LeaveShare();
        (_incoming, _client) = (null, null);
        int bytes = incoming.PayloadLength;
        incoming.Dispose();
        budget.Release(this, client, bytes);
    }

    /// <summary>Takes what came in back out of a lease that could not begin after all; the caller answers and disposes it.</summary>
    public void Withdraw()
    {
        Sending?.Ended();
        Sending = null;
        var (client, bytes) = (_client!, Incoming.PayloadLength);
        LeaveShare();
        (_incoming, _client) = (null, null);
        budget.Release(this, client, bytes);
    }

    private void LeaveShare()
    {
        _share?.Leave(_round, _isCharged, _isVoid);
        _share = null;
    }
}
