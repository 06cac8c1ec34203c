using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>How many bytes tensors take.</summary>
public static class TensorSize
{
    /// <summary>The most bytes that one tensor of a request may have.</summary>
    public const long Limit = int.MaxValue;

    /// <summary>The bytes of one element; 0 for strings, which have no fixed size.</summary>
    public static int OfElement(ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 => 8,
        _ => 0,
    };

    /// <summary>The bytes of a tensor; -1 where a dimension is below 1 or the whole is over <see cref="Limit"/>.</summary>
    public static long Of(ElementType type, ReadOnlySpan<long> shape)
    {
        long bytes = OfElement(type);
        foreach (long size in shape)
        {
            if (size < 1 || size > Limit) return -1;
            bytes *= size; // below 2^62: each factor is below 2^31
            if (bytes > Limit) return -1;
        }
        return bytes;
    }
}
