namespace EdgeRuntime.Messaging;

/// <summary>What the broker publishes when the connection is lost without a leave-taking.</summary>
public sealed record MqttWill
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The payload, at most 65535 bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Quality of service.</summary>
    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>Whether the broker keeps it for later subscribers.</summary>
    public bool Retain { get; init; }

    /// <summary>How long the broker waits for this client to come back before it publishes; whole seconds.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.Zero;

    /// <summary>How long the message is worth delivering; null for ever.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>Media type of the payload; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>User properties; null for none.</summary>
    public MqttUserProperties? UserProperties { get; init; }
}
