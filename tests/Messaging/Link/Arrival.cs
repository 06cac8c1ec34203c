using System.Text;

namespace EdgeRuntime.Messaging.Tests.Link;

/// <summary>A copy of a message that arrived.</summary>
internal sealed record Arrival(string Topic, byte[] Payload, MqttQos Qos, bool Retain)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    public int PayloadLength { get; init; }

    public bool Truncated { get; init; }

    public string ResponseTopic { get; init; } = "";

    public byte[] CorrelationData { get; init; } = [];

    public string ContentType { get; init; } = "";

    public TimeSpan? Expiry { get; init; }

    public bool PayloadIsUtf8 { get; init; }

    public (string Name, string Value)[] UserProperties { get; init; } = [];

    public static Arrival Of(MqttMessage message)
    {
        var user = new (string, string)[message.UserPropertyCount];
        for (var i = 0; i < user.Length; i++)
        {
            message.UserProperty(i, out var name, out var value);
            user[i] = (Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value));
        }
        return new Arrival(message.TopicText, message.Payload.ToArray(), message.Qos, message.Retain)
        {
            PayloadLength = message.PayloadLength,
            Truncated = message.Truncated,
            ResponseTopic = Encoding.UTF8.GetString(message.ResponseTopic),
            CorrelationData = message.CorrelationData.ToArray(),
            ContentType = Encoding.UTF8.GetString(message.ContentType),
            Expiry = message.Expiry,
            PayloadIsUtf8 = message.PayloadIsUtf8,
            UserProperties = user,
        };
    }
}
