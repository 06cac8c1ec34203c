using System.Runtime.InteropServices;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Import;

/// <summary>The elements of an inline tensor as raw little-endian bytes, whichever of the typed fields holds them. Source: onnx.proto, TensorProto.</summary>
internal static class TensorBytes
{
    public static ReadOnlyMemory<byte> Of(TensorProto tensor)
    {
        if (tensor.HasRawData) return tensor.RawData.Memory;
        return (DataType)tensor.DataType switch
        {
            DataType.Float or DataType.Complex64 => Bytes<float>([.. tensor.FloatData]),
            DataType.Double or DataType.Complex128 => Bytes<double>([.. tensor.DoubleData]),
            DataType.Int64 => Bytes<long>([.. tensor.Int64Data]),
            DataType.Uint64 => Bytes<ulong>([.. tensor.Uint64Data]),
            DataType.Uint32 => Bytes<uint>([.. tensor.Uint64Data.Select(value => (uint)value)]),
            DataType.Int32 => Bytes<int>([.. tensor.Int32Data]),
            DataType.Int16 or DataType.Uint16 or DataType.Float16 or DataType.Bfloat16 => Bytes<ushort>([.. tensor.Int32Data.Select(value => (ushort)value)]),
            DataType.String => throw new PackagerException($"tensor '{tensor.Name}' holds strings, which have no raw form"),
            _ => Bytes<byte>([.. tensor.Int32Data.Select(value => (byte)value)]),
        };
    }

    /// <summary>Bytes of one element; 0 where they are packed or vary.</summary>
    public static int ElementSize(int dataType) => (DataType)dataType switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 8,
        DataType.Complex128 => 16,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
        >= DataType.Float8E4M3Fn and <= DataType.Float8E5M2Fnuz => 1,
        _ => 0,
    };

    /// <summary>Whether all bits of a small tensor are zero.</summary>
    public static bool IsZero(TensorContent content)
    {
        using var stream = content.Open();
        for (int value; (value = stream.ReadByte()) >= 0;)
            if (value != 0) return false;
        return true;
    }

    public static void Set(TensorProto tensor, ReadOnlySpan<byte> bytes)
    {
        Clear(tensor);
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    public static void Clear(TensorProto tensor)
    {
        tensor.ClearRawData();
        tensor.FloatData.Clear();
        tensor.DoubleData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.Uint64Data.Clear();
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
