namespace EdgeRuntime.Messaging;

/// <summary>Kinds of <see cref="MqttLinkFault"/>.</summary>
public enum MqttLinkFaultKind
{
    /// <summary>The message handler threw.</summary>
    HandlerThrew,

    /// <summary>The broker refused a subscription.</summary>
    SubscriptionRefused,

    /// <summary>The inbox was full: a message or its payload was dropped. Raised once per run of drops.</summary>
    InboxFull,

    /// <summary>The broker acknowledged a QoS 1 message with a refusal.</summary>
    PublicationRefused,
}

/// <summary>Something that went wrong while the link goes on. <paramref name="Text"/> never holds payload or user properties.</summary>
public sealed record MqttLinkFault(MqttLinkFaultKind Kind, string Text, Exception? Exception = null);
