using EdgeRuntime.Messaging;

namespace EdgeRuntime.Serving.Transport;

/// <summary>Takes messages on topics that are neither requests nor cancellations. Called on the thread that reads from the broker; must not block.</summary>
internal interface ITopicReader
{
    /// <summary>Whether a topic holds requests for this host.</summary>
    bool IsRequest(TopicKind kind);

    /// <summary>Reads a message; false where it is none of its own. It stays the caller's to dispose.</summary>
    bool TryRead(MqttMessage message, in TopicName topic);
}
