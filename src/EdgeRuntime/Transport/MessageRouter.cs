using EdgeRuntime.Device.Admission;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Device.Transport;

/// <summary>Hands each message that arrives to the part that its topic belongs to. Called on the link's dispatch thread.</summary>
internal sealed class MessageRouter
{
    private long _strays;
    private volatile RequestGate? _gate;

    /// <summary>Messages on topics that are not ours, which a broker's ACL should have kept away.</summary>
    public long Strays => Interlocked.Read(ref _strays);

    /// <summary>Begins to pass requests on.</summary>
    public void Open(RequestGate gate) => _gate = gate;

    public void Route(MqttMessage message)
    {
        if (_gate is { } gate && Topics.TryParse(message.Topic, out var topic) && topic.Kind == TopicKind.Infer)
        {
            gate.Take(message, topic);
            return;
        }
        Interlocked.Increment(ref _strays);
        message.Dispose();
    }
}
