using EdgeRuntime.Device.Responses;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Device.Transport;

/// <summary>Requests of the broker, kept for the next message. Thread-safe.</summary>
internal sealed class MqttRequestPool(IMqttLink link, string fleet, ResponseCounters counters)
{
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private readonly Stack<MqttRequest> _idle = new(Kept);

    public MqttRequest Take()
    {
        lock (_gate) return _idle.TryPop(out var request) ? request : new MqttRequest(link, fleet, counters, this);
    }

    public void Return(MqttRequest request)
    {
        lock (_gate)
            if (_idle.Count < Kept) _idle.Push(request);
    }
}
