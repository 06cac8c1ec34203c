namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Wire names and sizes of <see cref="TensorDataType"/>.</summary>
public static class TensorDataTypes
{
    /// <summary>Bytes of one element; 0 for BYTES, whose elements vary.</summary>
    public static int ElementSize(this TensorDataType type) => type switch
    {
        TensorDataType.Bool or TensorDataType.UInt8 or TensorDataType.Int8 => 1,
        TensorDataType.UInt16 or TensorDataType.Int16 or TensorDataType.Float16 or TensorDataType.BFloat16 => 2,
        TensorDataType.UInt32 or TensorDataType.Int32 or TensorDataType.Float32 => 4,
        TensorDataType.UInt64 or TensorDataType.Int64 or TensorDataType.Float64 => 8,
        _ => 0,
    };

    /// <summary>The name on the wire, such as FP32.</summary>
    public static ReadOnlySpan<byte> WireName(this TensorDataType type) => type switch
    {
        TensorDataType.Bool => "BOOL"u8,
        TensorDataType.UInt8 => "UINT8"u8,
        TensorDataType.UInt16 => "UINT16"u8,
        TensorDataType.UInt32 => "UINT32"u8,
        TensorDataType.UInt64 => "UINT64"u8,
        TensorDataType.Int8 => "INT8"u8,
        TensorDataType.Int16 => "INT16"u8,
        TensorDataType.Int32 => "INT32"u8,
        TensorDataType.Int64 => "INT64"u8,
        TensorDataType.Float16 => "FP16"u8,
        TensorDataType.Float32 => "FP32"u8,
        TensorDataType.Float64 => "FP64"u8,
        TensorDataType.BFloat16 => "BF16"u8,
        TensorDataType.Bytes => "BYTES"u8,
        _ => "UNDEFINED"u8,
    };

    /// <summary>Reads a wire name; case matters, as in the protocol.</summary>
    public static bool TryParse(ReadOnlySpan<byte> wireName, out TensorDataType type)
    {
        foreach (var candidate in All)
        {
            if (!wireName.SequenceEqual(candidate.WireName())) continue;
            type = candidate;
            return true;
        }
        type = TensorDataType.Undefined;
        return false;
    }

    // The commonest first: most requests carry FP32.
    internal static ReadOnlySpan<TensorDataType> All =>
    [
        TensorDataType.Float32, TensorDataType.UInt8, TensorDataType.Int64, TensorDataType.Int32, TensorDataType.Bytes,
        TensorDataType.Float16, TensorDataType.Int8, TensorDataType.Bool, TensorDataType.Float64, TensorDataType.UInt16,
        TensorDataType.Int16, TensorDataType.UInt32, TensorDataType.UInt64, TensorDataType.BFloat16,
    ];
}
