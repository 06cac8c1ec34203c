using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Reads a tensor's "data" straight into its little-endian form; name, type and shape are known and within the limits.
internal readonly ref struct TensorDataReader(ReadOnlySpan<byte> name, TensorDataType type, ReadOnlySpan<long> shape, long count, PayloadBuffer data)
{
    private static readonly System.Buffers.SearchValues<byte> AfterValue = System.Buffers.SearchValues.Create(",]} \r\n\t"u8);
    private readonly ReadOnlySpan<byte> name = name;
    private readonly ReadOnlySpan<long> shape = shape;

    public bool Read(ref JsonCursor cursor, ProtocolLimits limits)
    {
        Debug.Assert(BitConverter.IsLittleEndian);
        // Before memory is taken: an element takes two bytes of text at least, so a small payload cannot ask for a large buffer.
        var room = (cursor.Text.Length - cursor.Position) / 2;
        if (count > room)
            return cursor.Fail(ProtocolErrorCode.DataMismatch, $"tensor {Name} has room for at most {room} elements in what is left of the payload, its shape asks for {count}");
        if (data.Length + count * Math.Max(type.ElementSize(), sizeof(uint)) > limits.MaxDataBytes)
            return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"tensor {Name} of {count} elements takes the data of the message over the limit of {limits.MaxDataBytes} bytes");
        return type switch
        {
            TensorDataType.Float32 => ReadFixed<float, SingleFormat>(ref cursor),
            TensorDataType.UInt8 => ReadFixed<byte, IntegerFormat<byte>>(ref cursor),
            TensorDataType.Int8 => ReadFixed<sbyte, IntegerFormat<sbyte>>(ref cursor),
            TensorDataType.UInt16 => ReadFixed<ushort, IntegerFormat<ushort>>(ref cursor),
            TensorDataType.Int16 => ReadFixed<short, IntegerFormat<short>>(ref cursor),
            TensorDataType.UInt32 => ReadFixed<uint, IntegerFormat<uint>>(ref cursor),
            TensorDataType.Int32 => ReadFixed<int, IntegerFormat<int>>(ref cursor),
            TensorDataType.UInt64 => ReadFixed<ulong, IntegerFormat<ulong>>(ref cursor),
            TensorDataType.Int64 => ReadFixed<long, IntegerFormat<long>>(ref cursor),
            TensorDataType.Float64 => ReadFixed<double, DoubleFormat>(ref cursor),
            TensorDataType.Float16 => ReadFixed<Half, HalfFormat>(ref cursor),
            TensorDataType.Bool => ReadFixed<byte, BooleanFormat>(ref cursor),
            TensorDataType.Bytes => ReadStrings(ref cursor, limits),
            _ => cursor.Fail(ProtocolErrorCode.NeedsBinary, $"tensor {Name} is {Wire}, which JSON cannot carry: send it in a binary section"),
        };
    }

    private bool ReadFixed<T, TFormat>(ref JsonCursor cursor) where T : unmanaged where TFormat : struct, IElementFormat<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(data.Reserve((int)count * Marshal.SizeOf<T>()));
        var nesting = new ArrayNesting(shape);
        var read = 0;
        while (nesting.NextValue(ref cursor))
        {
            if ((uint)read >= (uint)values.Length) return TooMany(ref cursor);
            var start = cursor.Position;
            var fault = TFormat.TryRead(ref cursor, out values[read]);
            if (fault != ElementFault.None) return Faulty(ref cursor, fault, start, read);
            read++;
        }
        return Complete(ref cursor, read);
    }

    private bool ReadStrings(ref JsonCursor cursor, ProtocolLimits limits)
    {
        var nesting = new ArrayNesting(shape);
        var read = 0L;
        while (nesting.NextValue(ref cursor))
        {
            if (read >= count) return TooMany(ref cursor);
            if (cursor.Peek() != JsonKind.String) return Faulty(ref cursor, ElementFault.WrongKind, cursor.Position, read);
            if (!cursor.TryString(out var text, "a string")) return false;
            if ((long)data.Length + sizeof(uint) + text.Length > limits.MaxDataBytes)
                return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"tensor {Name} takes the data of the message over the limit of {limits.MaxDataBytes} bytes at element {read}");
            Append(cursor.Raw(text), text.Escaped);
            read++;
        }
        return Complete(ref cursor, read);
    }

    private void Append(ReadOnlySpan<byte> raw, bool escaped)
    {
        var start = data.Length;
        var room = data.Reserve(sizeof(uint) + raw.Length);
        var length = raw.Length;
        if (escaped) length = JsonCursor.Unescape(raw, room[sizeof(uint)..]);
        else raw.CopyTo(room[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)length);
        data.Truncate(start + sizeof(uint) + length);
    }

    private bool Complete(ref JsonCursor cursor, long read) => cursor.Error is null && (read == count || cursor.Fail(
        ProtocolErrorCode.DataMismatch, $"tensor {Name} has {read} elements of data, its shape asks for {count}"));

    private bool TooMany(ref JsonCursor cursor) => cursor.Peek() is JsonKind.Other or JsonKind.End ? cursor.Malformed($"a value of {Wire}") : cursor.Fail(
        ProtocolErrorCode.DataMismatch, $"tensor {Name} has more elements of data than the {count} that its shape asks for");

    private bool Faulty(ref JsonCursor cursor, ElementFault fault, int start, long element)
    {
        if (cursor.Error is not null) return false;
        var end = cursor.Position;
        cursor.Position = start;
        if (cursor.Peek() is JsonKind.Other or JsonKind.End) return cursor.Malformed($"a value of {Wire}");
        if (cursor.Peek() == JsonKind.Number && fault == ElementFault.Malformed)
        {
            cursor.Position = end;
            return cursor.Malformed($"a value of {Wire}");
        }
        var length = cursor.Text[start..].IndexOfAny(AfterValue);
        var value = ProtocolError.Quote(cursor.Text.Slice(start, length < 0 ? cursor.Text.Length - start : length));
        return fault == ElementFault.OutOfRange
            ? cursor.Fail(ProtocolErrorCode.ValueOutOfRange, $"tensor {Name} has {value} at element {element}, outside the range of {Wire}")
            : cursor.Fail(ProtocolErrorCode.WrongKind, $"tensor {Name} has {value} at element {element}, which is no {Wire}");
    }

    private string Name => ProtocolError.Quote(name);

    private string Wire => System.Text.Encoding.ASCII.GetString(type.WireName());
}
