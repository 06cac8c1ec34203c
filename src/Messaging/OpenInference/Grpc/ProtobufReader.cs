using System.Buffers.Binary;

namespace EdgeRuntime.Messaging.OpenInference.Grpc;

internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

// A forward reader of one protobuf message that lies in a range of the payload; positions are those of the payload. Never throws:
// once something is broken, every method returns false. Source: Protocol Buffers, "Encoding".
internal ref struct ProtobufReader(ReadOnlySpan<byte> payload, int start, int length)
{
    private readonly ReadOnlySpan<byte> payload = payload;
    private readonly int end = start + length;

    public ProtobufReader(ReadOnlySpan<byte> payload, Slice range) : this(payload, range.Offset, range.Length)
    {
    }

    public int Position { get; private set; } = start;

    // Whether the message was not protobuf, at the position.
    public bool IsBroken { get; private set; }

    public readonly bool AtEnd => IsBroken || Position == end;

    // The next field's number and kind; its value is to be read or skipped. False at the end, or where the message is broken.
    public bool Next(out int field, out WireType wire)
    {
        field = 0;
        wire = default;
        if (AtEnd || !TryVarint(out var tag)) return false;
        wire = (WireType)(tag & 7);
        field = (int)Math.Min(tag >> 3, int.MaxValue);
        // Groups are of proto2 alone; 2^29 - 1 is the largest number of a field.
        return field is > 0 and < 1 << 29 && wire is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32 || Break();
    }

    public bool TryVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && Position < end && !IsBroken; shift += 7)
        {
            var part = payload[Position++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return shift < 63 || part <= 1 || Break();
        }
        return Break();
    }

    public bool TryFixed32(out uint value)
    {
        value = 0;
        if (IsBroken || end - Position < sizeof(uint)) return Break();
        value = BinaryPrimitives.ReadUInt32LittleEndian(payload[Position..]);
        Position += sizeof(uint);
        return true;
    }

    public bool TryFixed64(out ulong value)
    {
        value = 0;
        if (IsBroken || end - Position < sizeof(ulong)) return Break();
        value = BinaryPrimitives.ReadUInt64LittleEndian(payload[Position..]);
        Position += sizeof(ulong);
        return true;
    }

    // Text, bytes, a message or packed numbers: where they lie in the payload.
    public bool TryBytes(out Slice range)
    {
        range = default;
        if (!TryVarint(out var length) || length > (ulong)(end - Position)) return Break();
        range = Slice.InPayload(Position, (int)length);
        Position += (int)length;
        return true;
    }

    public bool Skip(WireType wire) => wire switch
    {
        WireType.Varint => TryVarint(out _),
        WireType.Fixed64 => TryFixed64(out _),
        WireType.Fixed32 => TryFixed32(out _),
        _ => TryBytes(out _),
    };

    private bool Break()
    {
        IsBroken = true;
        return false;
    }
}
