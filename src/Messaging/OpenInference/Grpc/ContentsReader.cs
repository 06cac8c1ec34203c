using System.Buffers.Binary;

namespace EdgeRuntime.Messaging.OpenInference.Grpc;

// Decodes InferTensorContents, the typed form of a tensor's data, to row-major little-endian.
internal readonly ref struct ContentsReader(ReadOnlySpan<byte> payload, NamedTensor tensor, PayloadBuffer data, ProtocolLimits limits)
{
    private const int Booleans = 1, Int32s = 2, Int64s = 3, UInt32s = 4, UInt64s = 5, Singles = 6, Doubles = 7, Blobs = 8;

    private readonly ReadOnlySpan<byte> payload = payload;
    private readonly NamedTensor tensor = tensor;

    public ProtocolError? Read(Slice contents)
    {
        var own = FieldOf(tensor.DataType);
        if (own == 0 && tensor.ElementCount > 0)
            return new(ProtocolErrorCode.NeedsBinary, $"tensor {Name} is {Wire}, which has no typed contents: it must be in raw_output_contents");
        // Before memory is taken: an element takes a byte at least.
        if (tensor.ElementCount > contents.Length)
            return new(ProtocolErrorCode.DataMismatch, $"tensor {Name} has {contents.Length} bytes of contents, its shape asks for {tensor.ElementCount} elements");
        var size = Math.Max(tensor.DataType.ElementSize(), sizeof(uint));
        if (data.Length + tensor.ElementCount * size > limits.MaxDataBytes)
            return new(ProtocolErrorCode.LimitExceeded, $"tensor {Name} of {tensor.ElementCount} elements takes the data of the message over the limit of {limits.MaxDataBytes} bytes");
        return own == Blobs ? ReadBlobs(contents) : ReadNumbers(contents, own);
    }

    private ProtocolError? ReadNumbers(Slice contents, int own)
    {
        var room = data.Reserve((int)tensor.ElementCount * tensor.DataType.ElementSize());
        var read = 0L;
        var reader = new ProtobufReader(payload, contents);
        while (reader.Next(out var field, out var wire))
        {
            if (field != own)
            {
                if (IsOther(field)) return Other(field, own);
                reader.Skip(wire);
                continue;
            }
            var error = wire == WireType.Bytes ? ReadPacked(ref reader, room, ref read, own) : ReadOne(ref reader, room, ref read, own, wire);
            if (error is not null) return error;
        }
        return reader.IsBroken ? Broken(reader) : Counted(read);
    }

    private ProtocolError? ReadPacked(ref ProtobufReader outer, Span<byte> room, ref long read, int own)
    {
        if (!outer.TryBytes(out var range)) return Broken(outer);
        for (var reader = new ProtobufReader(payload, range); !reader.AtEnd;)
            if (ReadOne(ref reader, room, ref read, own, WireOf(own)) is { } error) return error;
        return null;
    }

    private ProtocolError? ReadOne(ref ProtobufReader reader, Span<byte> room, ref long read, int own, WireType wire)
    {
        if (wire != WireOf(own)) return new(ProtocolErrorCode.WrongKind, $"tensor {Name} has contents of another kind at byte {reader.Position}");
        ulong value;
        var sound = own == Singles ? TryFixed32(ref reader, out value) : own == Doubles ? reader.TryFixed64(out value) : reader.TryVarint(out value);
        if (!sound) return Broken(reader);
        if (read == tensor.ElementCount) return new(ProtocolErrorCode.DataMismatch, $"tensor {Name} has more elements of contents than the {read} that its shape asks for");
        return Put(room, read++, value) ? null
            : new(ProtocolErrorCode.ValueOutOfRange, $"tensor {Name} has {(long)value} at element {read - 1}, outside the range of {Wire}");
    }

    private static bool TryFixed32(ref ProtobufReader reader, out ulong value)
    {
        var sound = reader.TryFixed32(out var bits);
        value = bits;
        return sound;
    }

    private bool Put(Span<byte> room, long index, ulong value)
    {
        var size = tensor.DataType.ElementSize();
        var element = room.Slice((int)index * size, size);
        switch (tensor.DataType)
        {
            case TensorDataType.Bool:
                element[0] = value == 0 ? (byte)0 : (byte)1;
                return true;
            case TensorDataType.Int8:
                element[0] = (byte)value;
                return (long)value is >= sbyte.MinValue and <= sbyte.MaxValue;
            case TensorDataType.UInt8:
                element[0] = (byte)value;
                return value <= byte.MaxValue;
            case TensorDataType.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(element, (short)value);
                return (long)value is >= short.MinValue and <= short.MaxValue;
            case TensorDataType.UInt16:
                BinaryPrimitives.WriteUInt16LittleEndian(element, (ushort)value);
                return value <= ushort.MaxValue;
            case TensorDataType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(element, (int)value);
                return (long)value is >= int.MinValue and <= int.MaxValue;
            case TensorDataType.UInt32 or TensorDataType.Float32:
                BinaryPrimitives.WriteUInt32LittleEndian(element, (uint)value);
                return value <= uint.MaxValue;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(element, value);
                return true;
        }
    }

    private ProtocolError? ReadBlobs(Slice contents)
    {
        var read = 0L;
        var reader = new ProtobufReader(payload, contents);
        while (reader.Next(out var field, out var wire))
        {
            if (field != Blobs || wire != WireType.Bytes)
            {
                if (IsOther(field)) return Other(field, Blobs);
                reader.Skip(wire);
                continue;
            }
            if (!reader.TryBytes(out var blob)) break;
            if (read++ == tensor.ElementCount) return new(ProtocolErrorCode.DataMismatch, $"tensor {Name} has more elements of contents than the {tensor.ElementCount} that its shape asks for");
            if ((long)data.Length + sizeof(uint) + blob.Length > limits.MaxDataBytes)
                return new(ProtocolErrorCode.LimitExceeded, $"tensor {Name} takes the data of the message over the limit of {limits.MaxDataBytes} bytes at element {read - 1}");
            BytesElements.Append(data, payload.Slice(blob.Offset, blob.Length));
        }
        return reader.IsBroken ? Broken(reader) : Counted(read);
    }

    private ProtocolError? Counted(long read) => read == tensor.ElementCount ? null
        : new(ProtocolErrorCode.DataMismatch, $"tensor {Name} has {read} elements of contents, its shape asks for {tensor.ElementCount}");

    private ProtocolError Broken(in ProtobufReader reader) => new(ProtocolErrorCode.MalformedMessage, $"the contents of tensor {Name} are no protobuf at byte {reader.Position}");

    private ProtocolError Other(int field, int own) => new(ProtocolErrorCode.WrongKind, $"tensor {Name} is {Wire}, whose contents are in field {own}, not in {field}");

    private static bool IsOther(int field) => field is >= Booleans and <= Blobs;

    private static WireType WireOf(int field) => field switch
    {
        Singles => WireType.Fixed32,
        Doubles => WireType.Fixed64,
        _ => WireType.Varint,
    };

    private static int FieldOf(TensorDataType type) => type switch
    {
        TensorDataType.Bool => Booleans,
        TensorDataType.Int8 or TensorDataType.Int16 or TensorDataType.Int32 => Int32s,
        TensorDataType.Int64 => Int64s,
        TensorDataType.UInt8 or TensorDataType.UInt16 or TensorDataType.UInt32 => UInt32s,
        TensorDataType.UInt64 => UInt64s,
        TensorDataType.Float32 => Singles,
        TensorDataType.Float64 => Doubles,
        TensorDataType.Bytes => Blobs,
        _ => 0,
    };

    private string Name => ProtocolError.Quote(tensor.Name);

    private string Wire => System.Text.Encoding.ASCII.GetString(tensor.DataType.WireName());
}
