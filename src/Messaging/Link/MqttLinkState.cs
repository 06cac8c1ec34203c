namespace EdgeRuntime.Messaging;

/// <summary>Where a link's connection stands.</summary>
public enum MqttLinkState
{
    /// <summary>Not connected: not started, or waiting for the next attempt.</summary>
    Disconnected,

    /// <summary>An attempt is under way: name, TCP, TLS, CONNECT.</summary>
    Connecting,

    /// <summary>The broker accepted the connection.</summary>
    Connected,

    /// <summary>Disconnected or disposed for good.</summary>
    Stopped,
}

/// <summary>MQTT quality of service. Exactly once (2) is not used by this system.</summary>
public enum MqttQos : byte
{
    /// <summary>QoS 0: sent once, may be lost.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1: sent until acknowledged, may arrive more than once.</summary>
    AtLeastOnce = 1,
}

/// <summary>MQTT 5 subscription options (3.8.3.1), as their bits on the wire.</summary>
[Flags]
public enum MqttSubscribeOptions
{
    /// <summary>Retained messages are sent at each subscription.</summary>
    None = 0,

    /// <summary>The broker does not send back what this client publishes. Not allowed on a shared subscription.</summary>
    NoLocal = 0x04,

    /// <summary><see cref="MqttMessage.Retain"/> keeps what the publisher set.</summary>
    RetainAsPublished = 0x08,

    /// <summary>Retained messages are sent only if the subscription did not exist yet.</summary>
    RetainedIfNew = 0x10,

    /// <summary>Retained messages are not sent at subscription.</summary>
    NoRetained = 0x20,
}
