using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

/// <summary>What a convolution multiplies its weights with at a place of its output: one patch of the input for each group of channels.</summary>
/// <param name="Kernel">Its sizes.</param>
/// <param name="Strides">Between places.</param>
/// <param name="Dilations">Between what the kernel reads.</param>
/// <param name="Pads">Before the first element.</param>
internal sealed record KernelPatches(long[] Kernel, long[] Strides, long[] Dilations, long[] Pads)
{
    /// <summary>How many elements of a channel a patch has.</summary>
    public int Taps { get; } = (int)Kernel.Aggregate(1L, (product, size) => product * size);

    /// <param name="node">A convolution.</param>
    /// <param name="dims">Of its weights.</param>
    public static KernelPatches Of(NodeProto node, IReadOnlyList<long> dims)
    {
        long[] kernel = [.. dims.Skip(2)], ones = [.. kernel.Select(_ => 1L)];
        long[] dilations = [.. node.Longs("dilations") ?? ones];
        var same = node.Find("auto_pad")?.S.ToStringUtf8().StartsWith("SAME", StringComparison.Ordinal) == true;
        long[] pads = same ? [.. kernel.Select((size, axis) => (size - 1) * dilations[axis] / 2)] : [.. (node.Longs("pads") ?? [.. ones.Select(_ => 0L)]).Take(kernel.Length)];
        return new KernelPatches(kernel, [.. node.Longs("strides") ?? ones], dilations, pads);
    }

    /// <summary>Where the taps of a place are within a plane of the input; -1 beyond its border.</summary>
    /// <param name="sizes">Of the plane.</param>
    /// <param name="place">Of the output, counted as if it were as large as the strides make it.</param>
    /// <param name="offsets">One a tap.</param>
    public void Locate(ReadOnlySpan<long> sizes, long place, Span<int> offsets)
    {
        offsets.Clear();
        var stride = 1;
        var repeat = 1;
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            var across = Places(sizes[axis], axis);
            var first = place % across * Strides[axis] - Pads[axis];
            place /= across;
            for (var tap = 0; tap < offsets.Length; tap++)
            {
                var at = first + tap / repeat % Kernel[axis] * Dilations[axis];
                offsets[tap] = offsets[tap] < 0 || at < 0 || at >= sizes[axis] ? -1 : offsets[tap] + (int)at * stride;
            }
            stride *= (int)sizes[axis];
            repeat *= (int)Kernel[axis];
        }
    }

    /// <summary>How many places there are in a plane.</summary>
    public long Places(ReadOnlySpan<long> sizes)
    {
        long places = 1;
        for (var axis = 0; axis < sizes.Length; axis++) places *= Places(sizes[axis], axis);
        return places;
    }

    private long Places(long size, int axis) => Math.Max(1, (size + 2 * Pads[axis] - (Kernel[axis] - 1) * Dilations[axis] - 1) / Strides[axis] + 1);
}
