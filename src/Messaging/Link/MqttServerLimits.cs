namespace EdgeRuntime.Messaging;

/// <summary>What a broker's CONNACK allows (MQTT 5, 3.2.2.3). Absent properties have the standard's defaults.</summary>
public readonly record struct MqttServerLimits
{
    /// <summary>Before the first connect: the standard's defaults, and no session.</summary>
    public static readonly MqttServerLimits Unknown = new()
    {
        MaximumPacketSize = MqttPacketSize.Maximum,
        ReceiveMaximum = ushort.MaxValue,
        MaximumQos = MqttQos.AtLeastOnce,
        RetainAvailable = true,
        SharedSubscriptionsAvailable = true,
        WildcardsAvailable = true,
    };

    /// <summary>The largest packet in bytes, headers included, that the broker accepts.</summary>
    public long MaximumPacketSize { get; init; }

    /// <summary>How many unacknowledged QoS 1 messages the broker accepts at a time.</summary>
    public ushort ReceiveMaximum { get; init; }

    /// <summary>The highest QoS that the broker accepts, as far as this system uses it.</summary>
    public MqttQos MaximumQos { get; init; }

    /// <summary>Whether the broker keeps retained messages.</summary>
    public bool RetainAvailable { get; init; }

    /// <summary>Whether <c>$share/...</c> subscriptions work.</summary>
    public bool SharedSubscriptionsAvailable { get; init; }

    /// <summary>Whether filters may contain <c>+</c> and <c>#</c>.</summary>
    public bool WildcardsAvailable { get; init; }

    /// <summary>The keep-alive that the broker insists on; null if it took ours.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Whether the broker still had this client's session.</summary>
    public bool SessionPresent { get; init; }
}
