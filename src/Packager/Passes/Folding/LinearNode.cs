using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Folding;

/// <summary>A node that computes W x + B with constants W and B, whose output has channels: what an affine map of each channel can be folded into.</summary>
internal sealed class LinearNode
{
    private readonly GraphView _view;
    private readonly TensorProto _weights;
    private readonly TensorProto? _bias;
    private readonly Func<long, long> _channelOf;

    private LinearNode(GraphView view, NodeProto node, TensorProto weights, TensorProto? bias, long channels, Func<long, long> channelOf) =>
        (_view, Node, _weights, _bias, Channels, _channelOf) = (view, node, weights, bias, channels, channelOf);

    public NodeProto Node { get; }

    public long Channels { get; }

    /// <summary>Axis of the channels, counted from the last one of the output, which is 0.</summary>
    public int ChannelFromEnd => Node.OpType is "Conv" or "ConvTranspose" ? _weights.Dims.Count - 2 : 0;

    /// <summary>Whether it can have a bias as it is; MatMul cannot.</summary>
    public bool TakesBias => Node.OpType != "MatMul";

    /// <returns>Null where the node is none, or has a weight or bias that is not a constant float32.</returns>
    public static LinearNode? Of(GraphView view, NodeProto? node)
    {
        if (node is null || !node.Is("Conv", "ConvTranspose", "Gemm", "MatMul") || view.FloatConstant(node.InputAt(1)) is not { } weights) return null;
        var bias = node.InputAt(2).Length == 0 ? null : view.FloatConstant(node.Input[2]);
        if (bias is null && node.InputAt(2).Length > 0 || Layout(node, weights) is not var (channels, channelOf)) return null;
        if (bias is not null && (bias.Dims.LastOrDefault() != channels || bias.Dims.SkipLast(1).Any(size => size != 1))) return null;
        return node.OpType == "Gemm" && node.Float("beta", 1) != 1 ? null : new LinearNode(view, node, weights, bias, channels, channelOf);
    }

    /// <summary>Why the <paramref name="map"/> behind it must stay; null where it may be folded. A bias that others read too is no reason: it is a few bytes, and copied.</summary>
    public string? Objection(NodeProto map)
    {
        var value = Node.Output[0];
        if (!_view.IsPrivateTo(value, map)) return $"'{value}' is read elsewhere too";
        return _view.IsPrivateTo(_weights.Name, Node) ? null : $"its weights '{_weights.Name}' are read elsewhere too, and would be stored twice";
    }

    // W'[c] = W[c] * scale[c];  B'[c] = B[c] * scale[c] + shift[c]
    /// <summary>This node in the place of itself and the <paramref name="map"/> behind it, which is in its constants; they are new ones.</summary>
    /// <returns>A reason where a constant would leave the range of float32.</returns>
    public RewriteResult Fold(NodeProto map, ReadOnlySpan<double> scale, ReadOnlySpan<double> shift)
    {
        var output = map.Output[0];
        var weights = TensorValues.Floats(_view.Model, _weights);
        for (var i = 0; i < weights.Length; i++) weights[i] = (float)(weights[i] * scale[(int)_channelOf(i)]);
        var bias = _bias is null ? new float[Channels] : TensorValues.Floats(_view.Model, _bias);
        for (var c = 0; c < bias.Length; c++) bias[c] = (float)(bias[c] * scale[c] + shift[c]);
        if (!weights.All(float.IsFinite) || !bias.All(float.IsFinite)) return RewriteResult.Refuse("the folded weights would leave the range of float32");
        List<TensorProto> constants = [TensorValues.Of(_view.Fresh(_weights.Name + "/folded"), _weights.Dims, weights.AsSpan())];
        if (_bias is not null || bias.Any(value => value != 0)) constants.Add(TensorValues.Of(_view.Fresh(output + "/bias"), [Channels], bias.AsSpan()));
        return new Patch { Removed = [Node, map], Added = [Copy(output, constants)], Constants = constants };
    }

    private NodeProto Copy(string output, List<TensorProto> constants)
    {
        var copy = Node.With(constants.Select(constant => constant.Name).Prepend(Node.Input[0]), [output]);
        if (Node.OpType == "MatMul" && constants.Count == 2) copy.OpType = "Gemm";
        return copy;
    }

    /// <summary>How many channels there are, and whose an element of the weights is.</summary>
    private static (long Channels, Func<long, long> ChannelOf)? Layout(NodeProto node, TensorProto weights)
    {
        var dims = weights.Dims;
        if (dims.Contains(0) || (node.OpType is "Gemm" or "MatMul" ? dims.Count != 2 : dims.Count < 3)) return null;
        var inner = dims.Skip(node.OpType == "Conv" ? 1 : 2).Aggregate(1L, (product, size) => product * size);
        var group = node.Long("group", 1);
        return node.OpType switch
        {
            "Conv" => (dims[0], at => at / inner),
            "ConvTranspose" when group > 0 && dims[0] % group == 0 => (dims[1] * group, at => at / inner % dims[1] + at / (inner * dims[1]) / (dims[0] / group) * dims[1]),
            "Gemm" when node.Long("transB", 0) != 0 => (dims[0], at => at / dims[1]),
            "Gemm" or "MatMul" => (dims[1], at => at % dims[1]),
            _ => null,
        };
    }
}
