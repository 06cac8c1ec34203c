using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Serving.Transport;

/// <summary>Requests of the broker, kept for the next message. Thread-safe.</summary>
internal sealed class MqttRequestPool(IMqttLink link, IReplyRule replies, ResponseCounters counters)
{
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private readonly Stack<MqttRequest> _idle = new(Kept);

    public MqttRequest Take()
    {
        lock (_gate) return _idle.TryPop(out var request) ? request : new MqttRequest(link, replies, counters, this);
    }

    public void Return(MqttRequest request)
    {
        lock (_gate)
            if (_idle.Count < Kept) _idle.Push(request);
    }
}
