namespace EdgeRuntime.Messaging;

/// <summary>Why a connection or an attempt ended. <paramref name="Error"/> is null where trying again may mend it.</summary>
internal readonly record struct ConnectionEnd(MqttLinkError? Error, string Reason)
{
    /// <summary>A refusal by CONNACK (MQTT 5, 3.2.2.2).</summary>
    internal static ConnectionEnd Refused(int reasonCode, string reason) => new(
        reasonCode switch
        {
            0x85 or 0x86 or 0x87 or 0x8C => MqttLinkError.NotAuthorized,
            0x88 or 0x89 or 0x97 or 0x9F => null,
            _ => MqttLinkError.Refused,
        },
        $"broker refused the connection: {reason} (0x{reasonCode:X2})");
}
