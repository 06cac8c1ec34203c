using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Admission;

/// <summary>
/// The lease of an admitted request: it holds the message, a place in its client's quota and bytes of the device's budget, and <see cref="End"/>
/// gives all of it back. Whoever holds it answers it and ends it, exactly once. Pooled.
/// </summary>
internal sealed class PendingRequest(AdmissionBudget budget)
{
    private ClientQuota.Client? _client;
    private MqttMessage? _message;

    public MqttMessage Message => _message ?? throw new InvalidOperationException("a request was used after its end");
    public RequestProperties Properties { get; private set; }

    /// <summary>When its answer is worth nothing any more, as a timestamp of the clock.</summary>
    public long Due { get; private set; }

    public void Begin(MqttMessage message, in RequestProperties properties, ClientQuota.Client client, long due)
    {
        (_message, _client, Properties, Due) = (message, client, properties, due);
    }

    /// <summary>Ends the lease: disposes the message and frees its places.</summary>
    public void End()
    {
        var message = Message;
        var client = _client!;
        (_message, _client) = (null, null);
        int bytes = message.PayloadLength;
        message.Dispose();
        budget.Release(this, client, bytes);
    }

    /// <summary>Takes the message back out of a lease that could not begin after all; the caller disposes it.</summary>
    public void Withdraw()
    {
        var (client, bytes) = (_client!, Message.PayloadLength);
        (_message, _client) = (null, null);
        budget.Release(this, client, bytes);
    }
}
