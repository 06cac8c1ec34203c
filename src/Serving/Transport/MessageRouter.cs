using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Admission;

namespace EdgeRuntime.Serving.Transport;

/// <summary>Hands each message that arrives to the part that its topic belongs to. Called on the thread that reads from the broker.</summary>
internal sealed class MessageRouter(ITopicReader reader)
{
    private long _strays;
    private volatile MqttIntake? _intake;
    private volatile Cancellation? _cancellation;

    /// <summary>Messages on topics that are not ours, which a broker's ACL should have kept away.</summary>
    public long Strays => Interlocked.Read(ref _strays);

    /// <summary>Begins to pass requests on, and what their clients give up.</summary>
    public void Open(MqttIntake intake, Cancellation cancellation) => (_cancellation, _intake) = (cancellation, intake);

    public void Route(MqttMessage message)
    {
        if (_intake is { } intake && Topics.TryParse(message.Topic, out var topic))
        {
            if (reader.IsRequest(topic.Kind))
            {
                intake.Take(message, topic);
                return;
            }
            if (TryRead(message, topic))
            {
                message.Dispose();
                return;
            }
        }
        Interlocked.Increment(ref _strays);
        message.Dispose();
    }

    private bool TryRead(MqttMessage message, in TopicName topic)
    {
        if (topic.Kind is not (TopicKind.Cancel or TopicKind.ServerCancel)) return reader.TryRead(message, topic);
        _cancellation!.Cancel(topic.Sender, message.Payload.Span);
        return true;
    }
}
