using System.Numerics;

namespace EdgeRuntime.Messaging.OpenInference.Grpc;

// Writes protobuf fields. A field inside a field needs its size first: each method has a twin that tells it. Empty text is not written,
// as proto3 has it.
internal readonly struct ProtobufWriter(PayloadBuffer to)
{
    public static int SizeOf(ulong varint) => (BitOperations.Log2(varint | 1) + 7) / 7;

    // Numbers of fields in use here are below 16: a tag is one byte.
    public static int SizeOfBytes(int length) => 1 + SizeOf((ulong)length) + length;

    public static int SizeOfText(int length) => length == 0 ? 0 : SizeOfBytes(length);

    public static int SizeOfPacked(ReadOnlySpan<long> values) => values.IsEmpty ? 0 : SizeOfBytes(SizeOfAll(values));

    public void Varint(ulong value)
    {
        var room = to.GetSpan(10);
        var written = 0;
        for (; value >= 0x80; value >>= 7) room[written++] = (byte)(value | 0x80);
        room[written++] = (byte)value;
        to.Advance(written);
    }

    public void Tag(int field, WireType wire) => Varint((ulong)field << 3 | (byte)wire);

    public void Number(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Varint(value);
    }

    public void Double(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(to.Reserve(sizeof(double)), value);
    }

    // Starts a field of so many bytes, which the caller writes.
    public void Open(int field, int length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
    }

    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Open(field, bytes.Length);
        to.Write(bytes);
    }

    public void Text(int field, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty) Bytes(field, text);
    }

    public void Packed(int field, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty) return;
        Open(field, SizeOfAll(values));
        foreach (var value in values) Varint((ulong)value);
    }

    private static int SizeOfAll(ReadOnlySpan<long> values)
    {
        var size = 0;
        foreach (var value in values) size += SizeOf((ulong)value);
        return size;
    }
}
