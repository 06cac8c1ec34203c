using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Whether conversions can become kernels of bytes, and stand where they do.</summary>
internal static class FusionRules
{
    private static readonly string[] Clipping = ["Relu", "Clip"];

    // Their kernels give float as well as bytes.
    private static readonly string[] MayGiveFloat = ["MatMul", "Gemm"];

    public static IEnumerable<Breach> NotListed(QuantizedGraph graph, Int8Rules rules) => graph.Layers.Where(layer => !rules.QuantizedOps.Contains(layer.Op))
        .Select(layer => new Breach(layer.Label, $"{layer.Op} in bytes", $"one of {string.Join(", ", rules.QuantizedOps)}"));

    /// <summary>The node converts its input back to float and computes so, though the target could do it in bytes.</summary>
    public static IEnumerable<Breach> LeftFloat(QuantizedGraph graph, Int8Rules rules)
    {
        var layers = graph.Layers.Select(layer => layer.Node).ToHashSet((IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
        foreach (var node in graph.View.Nodes.Where(node => rules.QuantizedOps.Contains(node.OpType) && !layers.Contains(node)))
            if (node.Input.FirstOrDefault(input => graph.Conversions.Source(input) is not null) is { } input) yield return new Breach(QuantizedGraph.Label(node), $"reads '{input}' dequantized, computes in float", Wanted(graph, node));
    }

    /// <summary>Bytes that begin at 0 clip by themselves; a node of its own before the conversion keeps it from fusing. Symmetric bytes do not, and TensorRT fuses it.</summary>
    public static IEnumerable<Breach> ActivationBetween(QuantizedGraph graph, Int8Rules rules)
    {
        if (rules.SymmetricActivations) yield break;
        foreach (var node in graph.View.Nodes.Where(node => Clipping.Contains(node.OpType) && graph.Conversions.Quantized(node.Output[0]) is not null))
            if (graph.Layers.FirstOrDefault(layer => layer.Node.Output[0] == node.Input[0]) is { Op: "Conv" or "Add" or "Gemm" or "MatMul" } layer) yield return new Breach(QuantizedGraph.Label(node), $"between {layer.Label} and its conversion", "QuantizeLinear right behind it: its range clips");
    }

    public static IEnumerable<Breach> OutputFloat(QuantizedGraph graph, Int8Rules rules) => graph.Layers
        .Where(layer => layer is { IsOperator: false, Output: null } && !MayGiveFloat.Contains(layer.Op) && !IsClipped(graph, layer) && !IsAdded(graph, layer, rules))
        .Select(layer => new Breach(layer.Label, $"{Reader(graph, layer)} reads its result as float", "QuantizeLinear right behind it, and no other reader"));

    public static IEnumerable<Breach> Nothing(QuantizedGraph graph, Int8Rules rules) => graph.Layers.Count > 0 ? [] : [new Breach("the model", "no layer in bytes", "at least one")];

    private static bool IsClipped(QuantizedGraph graph, QuantizedLayer layer) => graph.View.Consumers(layer.Node.Output[0]) is [var only] && Clipping.Contains(only.OpType);

    /// <summary>The branch of a sum that TensorRT wants in float.</summary>
    private static bool IsAdded(QuantizedGraph graph, QuantizedLayer layer, Int8Rules rules) =>
        rules.QuantizeIdentityBranchOnly && graph.View.Consumers(layer.Node.Output[0]) is [{ OpType: "Add" }];

    private static string Reader(QuantizedGraph graph, QuantizedLayer layer) =>
        graph.View.Consumers(layer.Node.Output[0]).FirstOrDefault(reader => !Conversions.IsQuantize(reader)) is { } reader ? QuantizedGraph.Label(reader) : "the graph's caller";

    private static string Wanted(QuantizedGraph graph, NodeProto node)
    {
        var plain = node.Input.FirstOrDefault(input => input.Length > 0 && graph.Conversions.Source(input) is null && graph.View.Constant(input) is null);
        return plain is null ? "QuantizeLinear right behind it, and no other reader" : $"'{plain}' in bytes too";
    }
}
