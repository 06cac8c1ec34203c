using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>
/// The buffers of one call to a cluster, used again for the next: one call at a time. The response refers to what was received and is valid
/// until the next call.
/// </summary>
internal sealed class ClusterExchange
{
    public InferenceResponse Response { get; } = new();

    internal PayloadBuffer Sent { get; private set; } = new();

    internal PayloadBuffer Received { get; private set; } = new();

    internal void Start()
    {
        Response.Reset();
        Sent.Clear();
        Received.Clear();
    }

    // After a call that was broken off the transport may still be at these buffers: they are not to be used again.
    internal void Abandon()
    {
        Response.Reset();
        Sent = new PayloadBuffer();
        Received = new PayloadBuffer();
    }
}
