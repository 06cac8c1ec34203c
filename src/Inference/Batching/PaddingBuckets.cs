using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>
/// Tensors that differ along one axis are padded up to a common size, a bucket, so that they make one batch. The first axis
/// is the batch.
/// </summary>
public static class PaddingBuckets
{
    /// <summary>The smallest bucket that holds <paramref name="size"/>; the size itself where it is above all of them, so that it runs alone.</summary>
    public static long Of(PaddingRule rule, long size)
    {
        long best = long.MaxValue;
        foreach (long bucket in rule.Buckets)
        {
            if (bucket >= size && bucket < best) best = bucket;
        }
        return best == long.MaxValue ? size : best;
    }

    /// <summary>
    /// Copies one tensor into its rows of a batch, and pads the rest of them. Allocates nothing.
    /// </summary>
    /// <param name="spec">The model's input, with its padding.</param>
    /// <param name="data">The tensor's bytes.</param>
    /// <param name="shape">Its shape, the batch axis included.</param>
    /// <param name="bucket">The size that the padded axis gets.</param>
    /// <param name="batch">The bytes of the batch from this tensor's first row on.</param>
    /// <returns>The bytes of the batch that the tensor took.</returns>
    public static int Place(TensorSpec spec, ReadOnlySpan<byte> data, ReadOnlySpan<long> shape, long bucket, Span<byte> batch)
    {
        var rule = spec.Padding!;
        int elementSize = TensorSize.OfElement(spec.Type);
        int runs = 1, inner = elementSize;
        for (int axis = 0; axis < rule.Axis; axis++) runs *= (int)shape[axis];
        for (int axis = rule.Axis + 1; axis < shape.Length; axis++) inner *= (int)shape[axis];
        int from = (int)shape[rule.Axis] * inner, to = (int)bucket * inner;
        for (int run = 0; run < runs; run++)
        {
            var target = batch.Slice(run * to, to);
            data.Slice(run * from, from).CopyTo(target);
            Fill(target[from..], spec.Type, elementSize, rule.Value);
        }
        return runs * to;
    }

    private static void Fill(Span<byte> padding, ElementType type, int elementSize, double value)
    {
        if (padding.IsEmpty) return;
        if (value == 0)
        {
            padding.Clear();
            return;
        }
        Write(padding, type, value);
        for (int filled = elementSize; filled < padding.Length;)
        {
            int part = Math.Min(filled, padding.Length - filled);
            padding[..part].CopyTo(padding[filled..]);
            filled += part;
        }
    }

    private static void Write(Span<byte> element, ElementType type, double value)
    {
        bool written = type switch
        {
            ElementType.Float32 => BitConverter.TryWriteBytes(element, (float)value),
            ElementType.Float64 => BitConverter.TryWriteBytes(element, value),
            ElementType.Float16 => BitConverter.TryWriteBytes(element, (Half)value),
            ElementType.BFloat16 => BitConverter.TryWriteBytes(element, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16)),
            ElementType.Int64 or ElementType.UInt64 => BitConverter.TryWriteBytes(element, (long)value),
            ElementType.Int32 or ElementType.UInt32 => BitConverter.TryWriteBytes(element, (int)(long)value),
            ElementType.Int16 or ElementType.UInt16 => BitConverter.TryWriteBytes(element, (short)(long)value),
            _ => false,
        };
        if (!written) element[0] = (byte)(long)value;
    }
}
