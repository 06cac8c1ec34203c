using EdgeRuntime.Device.Admission;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Device.Transport;

/// <summary>Hands each message that arrives to the part that its topic belongs to. Called on the link's dispatch thread.</summary>
internal sealed class MessageRouter
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
        if (_intake is { } intake && Topics.TryParse(message.Topic, out var topic) && topic.Kind is (TopicKind.Infer or TopicKind.Cancel))
        {
            if (topic.Kind == TopicKind.Infer) intake.Take(message, topic);
            else Cancel(message, topic);
            return;
        }
        Interlocked.Increment(ref _strays);
        message.Dispose();
    }

    private void Cancel(MqttMessage message, in TopicName topic)
    {
        _cancellation!.Cancel(topic.Sender, message.Payload.Span);
        message.Dispose();
    }
}
