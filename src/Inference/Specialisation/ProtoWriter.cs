using System.Buffers;
using System.Text;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>Writes protobuf's wire format, the part that a model with moved weights needs.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Copies a field, tag included.</summary>
    public void Raw(ReadOnlySpan<byte> field) => _bytes.Write(field);

    public void Message(int field, ReadOnlySpan<byte> content)
    {
        Varint(((ulong)field << 3) | ProtoReader.Message);
        Varint((ulong)content.Length);
        _bytes.Write(content);
    }

    public void Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private void Varint(ulong value)
    {
        var target = _bytes.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7) target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
