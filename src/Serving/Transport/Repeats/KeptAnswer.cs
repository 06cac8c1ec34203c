using System.Buffers.Binary;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Transport.Repeats;

/// <summary>An answer as bytes, to be sent once more: its format, its user properties and its payload.</summary>
internal static class KeptAnswer
{
    private const int Head = 2, PropertyHead = 4;

    /// <summary>How many bytes it takes.</summary>
    public static int LengthOf(MqttUserProperties properties, ReadOnlySpan<byte> payload)
    {
        int length = Head + payload.Length;
        for (int i = 0; i < properties.Count; i++) length += PropertyHead + properties.Name(i).Length + properties.Value(i).Length;
        return length;
    }

    /// <param name="format">Of the payload.</param>
    /// <param name="properties">At most 255.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="kept">As long as <see cref="LengthOf"/> says.</param>
    public static void Write(PayloadFormat format, MqttUserProperties properties, ReadOnlySpan<byte> payload, Span<byte> kept)
    {
        (kept[0], kept[1]) = ((byte)format, checked((byte)properties.Count));
        kept = kept[Head..];
        for (int i = 0; i < properties.Count; i++)
        {
            ReadOnlySpan<byte> name = properties.Name(i), value = properties.Value(i);
            BinaryPrimitives.WriteUInt16LittleEndian(kept, (ushort)name.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(kept[2..], (ushort)value.Length);
            name.CopyTo(kept[PropertyHead..]);
            value.CopyTo(kept[(PropertyHead + name.Length)..]);
            kept = kept[(PropertyHead + name.Length + value.Length)..];
        }
        payload.CopyTo(kept);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="kept">All of it.</param>
    /// <param name="properties">Gets its user properties.</param>
    /// <param name="payload">Its payload, within <paramref name="kept"/>.</param>
    public static PayloadFormat Read(ReadOnlySpan<byte> kept, MqttUserProperties properties, out ReadOnlySpan<byte> payload)
    {
        var (format, count) = ((PayloadFormat)kept[0], kept[1]);
        kept = kept[Head..];
        properties.Clear();
        for (int i = 0; i < count; i++)
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(kept), value = BinaryPrimitives.ReadUInt16LittleEndian(kept[2..]);
            properties.Add(kept.Slice(PropertyHead, name), kept.Slice(PropertyHead + name, value));
            kept = kept[(PropertyHead + name + value)..];
        }
        payload = kept;
        return format;
    }
}
