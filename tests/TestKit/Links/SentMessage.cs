using System.Text;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.TestKit.Links;

/// <summary>A copy of a publication.</summary>
public sealed record SentMessage(
    string Topic, byte[] Payload, byte[] CorrelationData, string ContentType, MqttQos Qos, bool Retain, TimeSpan? Expiry, string ResponseTopic, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The user property <c>status</c>; null where there is none.</summary>
    public string? Status => Properties.GetValueOrDefault("status");

    /// <summary>The user property <c>reason</c>; null where there is none.</summary>
    public string? Reason => Properties.GetValueOrDefault("reason");

    internal static SentMessage Of(in MqttPublication publication)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < (publication.UserProperties?.Count ?? 0); i++)
            properties.Add(Encoding.UTF8.GetString(publication.UserProperties!.Name(i)), Encoding.UTF8.GetString(publication.UserProperties.Value(i)));
        return new SentMessage(Encoding.UTF8.GetString(publication.Topic), publication.Payload.ToArray(), publication.CorrelationData.ToArray(),
            Encoding.UTF8.GetString(publication.ContentType), publication.Qos, publication.Retain, publication.Expiry, Encoding.UTF8.GetString(publication.ResponseTopic), properties);
    }
}
