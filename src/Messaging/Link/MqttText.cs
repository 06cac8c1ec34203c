using System.Text;

namespace EdgeRuntime.Messaging;

/// <summary>What MQTT 5 (1.5.4, 4.7) allows in texts and topics; control and non-characters are refused, as brokers may close the connection for them.</summary>
internal static class MqttText
{
    internal static bool IsText(ReadOnlySpan<byte> text) => text.Length <= ushort.MaxValue
        && (Ascii.IsValid(text) ? !text.ContainsAnyInRange((byte)0, (byte)0x1F) && !text.Contains((byte)0x7F) : AllAllowed(text));

    /// <summary>A topic to publish on: not empty, no wildcards.</summary>
    internal static bool IsTopic(ReadOnlySpan<byte> topic) => !topic.IsEmpty && !topic.ContainsAny("+#"u8) && IsText(topic);

    /// <summary>Refuses a publication that no broker would take. Its size is another matter.</summary>
    /// <exception cref="ArgumentException">A part of it is not what MQTT allows.</exception>
    internal static void Require(in MqttPublication publication)
    {
        if (!IsTopic(publication.Topic)) throw Wrong("topic", publication.Topic, "1 to 65535 bytes of text without wildcards");
        if (!publication.ResponseTopic.IsEmpty && !IsTopic(publication.ResponseTopic))
            throw Wrong("response topic", publication.ResponseTopic, "at most 65535 bytes of text without wildcards");
        if (!IsText(publication.ContentType)) throw Wrong("content type", publication.ContentType, "at most 65535 bytes of text");
        if (publication.CorrelationData.Length > ushort.MaxValue)
            throw new ArgumentException($"correlation data has {publication.CorrelationData.Length} bytes, over the limit of 65535");
        for (var i = 0; i < (publication.UserProperties?.Count ?? 0); i++)
            if (!IsText(publication.UserProperties!.Name(i)) || !IsText(publication.UserProperties.Value(i)))
                throw new ArgumentException($"user property {i} is not UTF-8 without control characters");
    }

    private static bool AllAllowed(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var bytes) != System.Buffers.OperationStatus.Done) return false;
            if (rune.Value is <= 0x1F or >= 0x7F and <= 0x9F or >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE) return false;
            text = text[bytes..];
        }
        return true;
    }

    private static ArgumentException Wrong(string part, ReadOnlySpan<byte> value, string rule) =>
        new($"{part} '{Encoding.UTF8.GetString(value[..Math.Min(value.Length, 100)])}' ({value.Length} bytes) must be {rule}");
}
