namespace EdgeRuntime.Messaging;

/// <summary>Sizes of PUBLISH packets as MQTT 5 lays them out (2.1.4, 3.3.2), so that a limit is known before a byte is sent.</summary>
internal static class MqttPacketSize
{
    /// <summary>The largest packet that the protocol can express: remaining length 268,435,455, its four bytes, and the first byte.</summary>
    internal const long Maximum = 268_435_455 + 5;

    /// <summary>Bytes of the whole PUBLISH packet.</summary>
    internal static long OfPublish(in MqttPublication publication)
    {
        var properties = PropertyBytes(publication);
        long remaining = 2 + publication.Topic.Length + publication.Payload.Length;
        remaining += (publication.Qos == MqttQos.AtMostOnce ? 0 : 2) + VariableBytes(properties) + properties;
        return 1 + VariableBytes(remaining) + remaining;
    }

    private static long PropertyBytes(in MqttPublication publication)
    {
        long bytes = publication.UserProperties?.PacketBytes ?? 0;
        if (publication.PayloadIsUtf8) bytes += 2;
        if (publication.Expiry.HasValue) bytes += 5;
        bytes += LengthPrefixed(publication.ContentType) + LengthPrefixed(publication.ResponseTopic);
        return bytes + LengthPrefixed(publication.CorrelationData);
    }

    private static int LengthPrefixed(ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : 3 + value.Length;

    private static int VariableBytes(long value) => value switch { < 128 => 1, < 16_384 => 2, < 2_097_152 => 3, _ => 4 };
}
