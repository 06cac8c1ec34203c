using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Writes a tensor's data as one flat JSON array. Check first: what JSON cannot carry is refused before anything is written.
internal static class TensorDataWriter
{
    public static ProtocolError? Check(in NamedTensor tensor)
    {
        if (tensor.DataType == TensorDataType.BFloat16)
            return new(ProtocolErrorCode.NeedsBinary, $"tensor {ProtocolError.Quote(tensor.Name)} is BF16, which JSON cannot carry: ask for binary_data");
        if (tensor.DataType == TensorDataType.Bytes) return CheckText(tensor);
        var index = tensor.DataType switch
        {
            TensorDataType.Float32 => FirstNotFinite(MemoryMarshal.Cast<byte, float>(tensor.Data)),
            TensorDataType.Float64 => FirstNotFinite(MemoryMarshal.Cast<byte, double>(tensor.Data)),
            TensorDataType.Float16 => FirstNotFinite(MemoryMarshal.Cast<byte, Half>(tensor.Data)),
            _ => -1,
        };
        return index < 0 ? null : new(ProtocolErrorCode.NotFinite,
            $"tensor {ProtocolError.Quote(tensor.Name)} has NaN or an infinity at element {index}, which JSON cannot carry: ask for binary_data");
    }

    public static void Write(ref JsonWriter json, in NamedTensor tensor)
    {
        json.Byte((byte)'[');
        switch (tensor.DataType)
        {
            case TensorDataType.Float32: Floats(ref json, MemoryMarshal.Cast<byte, float>(tensor.Data)); break;
            case TensorDataType.Float64: Numbers(ref json, MemoryMarshal.Cast<byte, double>(tensor.Data)); break;
            case TensorDataType.Float16: Numbers(ref json, MemoryMarshal.Cast<byte, Half>(tensor.Data)); break;
            case TensorDataType.UInt8: Numbers(ref json, tensor.Data); break;
            case TensorDataType.Int8: Numbers(ref json, MemoryMarshal.Cast<byte, sbyte>(tensor.Data)); break;
            case TensorDataType.UInt16: Numbers(ref json, MemoryMarshal.Cast<byte, ushort>(tensor.Data)); break;
            case TensorDataType.Int16: Numbers(ref json, MemoryMarshal.Cast<byte, short>(tensor.Data)); break;
            case TensorDataType.UInt32: Numbers(ref json, MemoryMarshal.Cast<byte, uint>(tensor.Data)); break;
            case TensorDataType.Int32: Numbers(ref json, MemoryMarshal.Cast<byte, int>(tensor.Data)); break;
            case TensorDataType.UInt64: Numbers(ref json, MemoryMarshal.Cast<byte, ulong>(tensor.Data)); break;
            case TensorDataType.Int64: Numbers(ref json, MemoryMarshal.Cast<byte, long>(tensor.Data)); break;
            case TensorDataType.Bool: Booleans(ref json, tensor.Data); break;
            default: Strings(ref json, tensor.Data); break;
        }
        json.Byte((byte)']');
    }

    private static ProtocolError? CheckText(in NamedTensor tensor)
    {
        var index = 0L;
        foreach (var element in new BytesElements(tensor.Data))
        {
            if (!Utf8.IsValid(element))
                return new(ProtocolErrorCode.NeedsBinary, $"tensor {ProtocolError.Quote(tensor.Name)} has bytes at element {index} that are not UTF-8, which JSON cannot carry: ask for binary_data");
            index++;
        }
        return null;
    }

    private static int FirstNotFinite<T>(ReadOnlySpan<T> values) where T : INumberBase<T>
    {
        for (var i = 0; i < values.Length; i++)
            if (!T.IsFinite(values[i])) return i;
        return -1;
    }

    private static void Floats(ref JsonWriter json, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var room = json.Room(JsonWriter.LongestNumber + 1);
            var comma = i > 0 ? 1 : 0;
            room[0] = (byte)',';
            json.Advance(comma + FloatText.Write(values[i], room[comma..]));
        }
    }

    private static void Numbers<T>(ref JsonWriter json, ReadOnlySpan<T> values) where T : IUtf8SpanFormattable
    {
        for (var i = 0; i < values.Length; i++)
        {
            var room = json.Room(JsonWriter.LongestNumber + 1);
            var comma = i > 0 ? 1 : 0;
            room[0] = (byte)',';
            values[i].TryFormat(room[comma..], out var written, default, CultureInfo.InvariantCulture);
            json.Advance(comma + written);
        }
    }

    private static void Booleans(ref JsonWriter json, ReadOnlySpan<byte> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) json.Byte((byte)',');
            json.Boolean(values[i] != 0);
        }
    }

    private static void Strings(ref JsonWriter json, ReadOnlySpan<byte> data)
    {
        var any = false;
        foreach (var element in new BytesElements(data))
        {
            if (any) json.Byte((byte)',');
            any = true;
            json.String(element);
        }
    }
}
