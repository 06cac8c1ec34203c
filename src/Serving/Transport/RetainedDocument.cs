using System.Text;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Serving.Transport;

/// <summary>A JSON document that a broker keeps for whoever comes.</summary>
internal sealed class RetainedDocument(IMqttLink link, string topic)
{
    private const string ContentType = "application/json";

    private readonly byte[] _topic = Encoding.UTF8.GetBytes(topic);

    public string Topic => topic;

    /// <summary>What the broker puts in its place when the connection is lost.</summary>
    public static MqttWill Will(string topic, byte[] document) => new() { Topic = topic, Payload = document, Retain = true, ContentType = ContentType };

    public PublishOutcome Publish(ReadOnlySpan<byte> document, MqttQos qos) => link.TryPublish(new MqttPublication(_topic, document)
    {
        Qos = qos,
        Retain = true,
        PayloadIsUtf8 = true,
        ContentType = "application/json"u8,
    });
}
