using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization.Smoothing;

/// <summary>A value whose channels can be scaled for nothing: constants make it, one a channel, and products with constant matrices alone read it.</summary>
/// <param name="Value">Its channels are its last axis.</param>
/// <param name="Makers">Nodes, and which of their inputs hold a constant a channel.</param>
/// <param name="Readers">Products.</param>
internal sealed record SmoothSite(string Value, IReadOnlyList<(NodeProto Node, int Input)> Makers, IReadOnlyList<LinearLayer> Readers)
{
    public int Channels => Readers[0].Depth;

    /// <returns>A site or a reason; neither where constants do not make the node's output.</returns>
    public static (SmoothSite? Site, string? Reason) Of(GraphView view, NodeProto node)
    {
        if (Makings(view, node) is not { } makers || !view.Consumers(node.Output[0]).Any(reader => reader.Is("MatMul", "Gemm"))) return default;
        var value = node.Output[0];
        if (view.IsOutput(value)) return (null, $"'{value}' is an output of the graph");
        if (view.IsCaptured(value)) return (null, $"'{value}' is read by a subgraph");
        var readers = new List<LinearLayer>();
        foreach (var reader in view.Consumers(value))
        {
            if (reader.Input[0] != value || LinearLayer.Of(view, reader, DynamicBytes.FewestWeights).Layer is not { } layer) return (null, $"'{value}' is read by {reader.OpType} '{reader.Label()}', which is no product with a constant matrix");
            if (!view.IsPrivateTo(layer.Weights.Name, reader)) return (null, $"weights '{layer.Weights.Name}' are read elsewhere too");
            readers.Add(layer);
        }
        var isWhole = makers.TrueForAll(maker => view.FloatConstant(maker.Node.Input[maker.Input])!.Dims.Aggregate(1L, (product, size) => product * size) == readers[0].Depth);
        return isWhole ? (new SmoothSite(value, makers, readers), null) : (null, $"'{value}' is not made of one number for each of {readers[0].Depth} channels");
    }

    /// <summary>A LayerNormalization, a product with a constant, or that with a constant added.</summary>
    private static List<(NodeProto Node, int Input)>? Makings(GraphView view, NodeProto node)
    {
        if (node.Is("LayerNormalization")) return Normalization(view, node);
        if (!node.Is("Mul", "Add") || ChannelInput(view, node) is not { } constant) return null;
        if (node.OpType == "Mul") return [(node, constant)];
        return view.Producer(node.Input[1 - constant]) is { OpType: "Mul" } product && view.IsPrivateTo(product.Output[0], node) && ChannelInput(view, product) is { } factor ? [(node, constant), (product, factor)] : null;
    }

    private static List<(NodeProto Node, int Input)>? Normalization(GraphView view, NodeProto node)
    {
        if (node.Output.Skip(1).Any(output => output.Length > 0) || !IsPerChannel(view, node.Input[1])) return null;
        if (node.InputAt(2).Length == 0) return [(node, 1)];
        return IsPerChannel(view, node.Input[2]) ? [(node, 1), (node, 2)] : null;
    }

    private static int? ChannelInput(GraphView view, NodeProto node) => IsPerChannel(view, node.Input[1]) ? 1 : IsPerChannel(view, node.Input[0]) ? 0 : null;

    /// <summary>In one dimension it is of the last axis, whatever the rank.</summary>
    private static bool IsPerChannel(GraphView view, string name) => view.FloatConstant(name) is { Dims: [> 1] };
}
