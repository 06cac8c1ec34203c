using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>A layer's weights as the kernel multiplies them: a column for each output.</summary>
internal static class WeightColumns
{
    /// <returns>Nothing where the layer's products are added in 32 bits, or its weights are no constant bytes.</returns>
    public static IEnumerable<sbyte[]> Of(QuantizedLayer layer, ByteConstants constants)
    {
        if (layer.Weights is not { HasBytes: true } weights || constants.Numbers(weights.Tensor) is not { } values) return [];
        return layer.Op switch
        {
            "Conv" => Convolution([.. weights.Tensor.Dims], layer.Groups, values),
            "MatMul" or "Gemm" => Product(layer, [.. weights.Tensor.Dims], values),
            _ => [], // there is no kernel of bytes for ConvTranspose
        };
    }

    private static IEnumerable<sbyte[]> Convolution(IReadOnlyList<long> dims, long groups, int[] values)
    {
        if (KernelOrder.OfConvolution(dims, groups) is not { } order) yield break;
        for (var from = 0; from < values.Length; from += order.Length) yield return [.. order.Select(place => (sbyte)values[from + place])];
    }

    private static IEnumerable<sbyte[]> Product(QuantizedLayer layer, IReadOnlyList<long> dims, int[] values)
    {
        var turned = Graphs.NodeFacts.Long(layer.Node, "transB", 0) != 0;
        int depth = dims.Count == 1 ? (int)dims[0] : (int)dims[dims.Count - (turned ? 1 : 2)], columns = dims.Count == 1 ? 1 : (int)dims[dims.Count - (turned ? 2 : 1)];
        for (var from = 0; from < values.Length; from += depth * columns)
            for (var column = 0; column < columns; column++)
            {
                var (start, step) = turned ? (from + column * depth, 1) : (from + column, columns);
                yield return [.. Enumerable.Range(0, depth).Select(k => (sbyte)values[start + k * step])];
            }
    }
}
