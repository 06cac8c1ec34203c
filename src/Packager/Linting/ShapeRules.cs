using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Layers that are too small for the target to gain by bytes.</summary>
internal static class ShapeRules
{
    public static IEnumerable<Breach> Channels(QuantizedGraph graph, Int8Rules rules)
    {
        foreach (var layer in graph.Layers.Where(layer => layer.Op == "Conv" && layer.Weights is not null))
        {
            var dims = layer.Weights!.Tensor.Dims;
            var fewest = Math.Min(dims[0], dims[1] * layer.Groups);
            if (fewest < rules.MinConvChannels) yield return new Breach(layer.Label, $"{dims[1] * layer.Groups} channels to {dims[0]}", $"at least {rules.MinConvChannels}");
        }
    }

    public static IEnumerable<Breach> MatrixVector(QuantizedGraph graph, Int8Rules rules)
    {
        if (!rules.AvoidMatrixVector) yield break;
        foreach (var layer in graph.Layers.Where(layer => layer.Op is "MatMul" or "Gemm"))
        {
            if (graph.Fact(layer.Node.Output[0]).Shape is not { } shape || shape.Count == 0) continue;
            var (rows, columns) = (shape.Count > 1 ? shape[^2] : 1, shape[^1]);
            if (rows == 1 || columns == 1) yield return new Breach(layer.Label, $"a product of [{string.Join(',', shape.Select(size => size < 0 ? "?" : $"{size}"))}]", "more than one row and column");
        }
    }
}
