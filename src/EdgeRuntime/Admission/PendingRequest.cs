using EdgeRuntime.Device.Serving;
using EdgeRuntime.Device.Transport;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Admission;

/// <summary>
/// The lease of an admitted request: it holds what came in, a place in its client's quota and bytes of the device's budget, and <see cref="End"/>
/// gives all of it back. Whoever holds it answers it and ends it, exactly once. Pooled.
/// </summary>
internal sealed class PendingRequest(AdmissionBudget budget)
{
    private ClientQuota.Client? _client;
    private IncomingRequest? _incoming;

    public IncomingRequest Incoming => _incoming ?? throw new InvalidOperationException("a request was used after its end");
    public RequestProperties Properties { get; private set; }

    /// <summary>When its answer is worth nothing any more, as a timestamp of the clock.</summary>
    public long Due { get; private set; }

    /// <summary>When it was admitted, as a timestamp of the clock.</summary>
    public long Admitted { get; set; }

    public void Begin(IncomingRequest incoming, in RequestProperties properties, ClientQuota.Client client, long due)
    {
        (_incoming, _client, Properties, Due) = (incoming, client, properties, due);
    }

    /// <summary>The turn of the worker that took it; null while it waits.</summary>
    public Turn? Turn { get; set; }

    /// <summary>Ends the lease: disposes what came in and frees its places.</summary>
    public void End()
    {
        Turn?.Leave(this);
        Turn = null;
        var incoming = Incoming;
        var client = _client!;
        (_incoming, _client) = (null, null);
        int bytes = incoming.PayloadLength;
        incoming.Dispose();
        budget.Release(this, client, bytes);
    }

    /// <summary>Takes what came in back out of a lease that could not begin after all; the caller answers and disposes it.</summary>
    public void Withdraw()
    {
        var (client, bytes) = (_client!, Incoming.PayloadLength);
        (_incoming, _client) = (null, null);
        budget.Release(this, client, bytes);
    }
}
