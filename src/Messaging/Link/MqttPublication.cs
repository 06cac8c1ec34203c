namespace EdgeRuntime.Messaging;

/// <summary>
/// A message to publish, as spans over the caller's memory: the link copies all of it before the call returns. Text is UTF-8.
/// </summary>
public readonly ref struct MqttPublication
{
    /// <summary>A message with topic and payload; the rest is set by initialisers.</summary>
    public MqttPublication(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        Topic = topic;
        Payload = payload;
    }

    /// <summary>The topic, without wildcards, 1 to 65535 bytes.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Quality of service; QoS 0 by default.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>Whether the broker keeps the message for later subscribers.</summary>
    public bool Retain { get; init; }

    /// <summary>Whether the payload is declared to be UTF-8 text.</summary>
    public bool PayloadIsUtf8 { get; init; }

    /// <summary>How long the message is worth delivering, rounded up to whole seconds; null for ever. Time spent in the outgoing queue counts.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>How long the message may be kept back to leave together with others, in whole milliseconds; it leaves with the next that may not. A link need not use it; if it does, acknowledgements wait as long, and what arrives in its last 2 ms is read at its end.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Media type of the payload; empty for none.</summary>
    public ReadOnlySpan<byte> ContentType { get; init; }

    /// <summary>Where an answer is expected; empty for none.</summary>
    public ReadOnlySpan<byte> ResponseTopic { get; init; }

    /// <summary>What an answer must carry back; empty for none.</summary>
    public ReadOnlySpan<byte> CorrelationData { get; init; }

    /// <summary>User properties, in order; null for none.</summary>
    public MqttUserProperties? UserProperties { get; init; }
}
