using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Passes.Integers;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Bytes of constant weights.</summary>
internal static class WeightRules
{
    private const int Narrowest = -127;

    // Their scales stand behind them, among other float nodes.
    private static readonly string[] Scaleless = ["ConvInteger", "MatMulInteger"];

    public static IEnumerable<Breach> Type(QuantizedGraph graph, Int8Rules rules) => Weighted(graph)
        .Where(pair => !TypeNames.Of(pair.Weights.Form.Type).Equals(rules.Weights, StringComparison.Ordinal))
        .Select(pair => new Breach(pair.Layer.Label, TypeNames.Of(pair.Weights.Form.Type), rules.Weights));

    /// <summary>Signed weights are symmetric on every target; unsigned ones have their zero in the middle.</summary>
    public static IEnumerable<Breach> Symmetry(QuantizedGraph graph, Int8Rules rules) => Weighted(graph)
        .Where(pair => pair.Weights.Form is { Type: DataType.Int8, IsDynamic: false, IsSymmetric: false })
        .Select(pair => new Breach(pair.Layer.Label, $"zero point {pair.Weights.Form.Zeros!.First(zero => zero != 0)}", "zero point 0"));

    public static IEnumerable<Breach> Channels(QuantizedGraph graph, Int8Rules rules) => rules.PerChannelWeights
        ? Weighted(graph).Where(pair => pair.Weights.Form is { IsDynamic: false, IsPerChannel: false } && Outputs(pair.Layer, pair.Weights) > 1 && !Scaleless.Contains(pair.Layer.Node.OpType))
            .Select(pair => new Breach(pair.Layer.Label, "one scale", $"a scale for each of {Outputs(pair.Layer, pair.Weights)} outputs"))
        : [];

    /// <summary>Ops of whole numbers have the axis in their definition.</summary>
    public static IEnumerable<Breach> Axis(QuantizedGraph graph, Int8Rules rules)
    {
        foreach (var (layer, weights) in Weighted(graph).Where(pair => pair.Weights.Form.IsPerChannel && !pair.Layer.IsOperator))
        {
            var rank = weights.Tensor.Dims.Count;
            var (axis, wanted) = (weights.Form.Axis < 0 ? weights.Form.Axis + rank : weights.Form.Axis, OutputAxis(layer, rank));
            if (axis != wanted) yield return new Breach(layer.Label, $"axis {axis}", $"axis {wanted}, of the outputs");
        }
    }

    /// <summary>Without VNNI a pair of products must fit 16 bits.</summary>
    public static IEnumerable<Breach> Saturation(QuantizedGraph graph, Int8Rules rules)
    {
        if (rules.WeightLimit >= ByteColumns.Full) yield break;
        foreach (var (layer, _) in Weighted(graph))
        {
            var columns = WeightColumns.Of(layer, graph.Constants).ToList();
            var worst = columns.Select(column => PairSums.Worst(column)).DefaultIfEmpty(0).Max();
            if (worst > PairSums.Limit)
                yield return new Breach(layer.Label, $"a pair of {worst}, {columns.Count(column => PairSums.Worst(column) > PairSums.Limit)} of {columns.Count} outputs over the limit", $"{PairSums.Limit}, so that 255 times it fits 16 bits");
        }
    }

    public static IEnumerable<Breach> Range(QuantizedGraph graph, Int8Rules rules) => rules.NarrowRangeWeights
        ? Weighted(graph).Where(pair => pair.Weights.HasBytes && graph.Constants.Numbers(pair.Weights.Tensor)!.Any(value => value < Narrowest))
            .Select(pair => new Breach(pair.Layer.Label, "-128", "-127 to 127"))
        : [];

    private static IEnumerable<(QuantizedLayer Layer, ByteWeights Weights)> Weighted(QuantizedGraph graph) =>
        graph.Layers.Where(layer => layer.Weights is not null).Select(layer => (layer, layer.Weights!));

    private static long Outputs(QuantizedLayer layer, ByteWeights weights) => layer.Op switch
    {
        "ConvTranspose" => weights.Tensor.Dims[1] * layer.Groups,
        _ => weights.Tensor.Dims is { Count: > 1 } dims ? dims[OutputAxis(layer, dims.Count)] : 1,
    };

    private static int OutputAxis(QuantizedLayer layer, int rank) => layer.Op switch
    {
        "Conv" => 0,
        "ConvTranspose" => 1,
        _ => layer.Node.Long("transB", 0) != 0 ? rank - 2 : rank - 1,
    };
}
