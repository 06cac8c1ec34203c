namespace EdgeRuntime.Messaging;

/// <summary>The broker's answer to a subscription: a SUBACK reason code (MQTT 5, 3.9.3).</summary>
public readonly record struct SubscribeOutcome(byte ReasonCode, string Reason)
{
    /// <summary>Whether the broker made the subscription.</summary>
    public bool IsGranted => ReasonCode < 0x80;

    /// <summary>The QoS granted, which may be less than asked for.</summary>
    public MqttQos GrantedQos => ReasonCode == 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce;
}
