using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Folding;

// y = (W x + B) * c  ==>  y = (W c) x + B c          Div by c: times 1 / c
// y = (W x + B) + c  ==>  y = W x + (B + c)          Sub of c: plus -c
/// <summary>
/// For Conv, ConvTranspose, Gemm and MatMul, and a constant c that is one number or one per channel. A MatMul takes no sum: where that pays it becomes a
/// Gemm by another rule.
/// </summary>
internal sealed class FoldAffine : IRewriteRule
{
    public string Name => "fold-affine";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("Mul", "Div", "Add", "Sub") || Sides(view, node) is not var (linear, constant)) return RewriteResult.NoMatch;
        if (node.OpType is "Add" or "Sub" && !linear.TakesBias) return RewriteResult.NoMatch;
        if (linear.Objection(node) is { } objection) return RewriteResult.Refuse(objection);
        return PerChannel(view, constant, linear) is not { } factors
            ? RewriteResult.Refuse($"'{constant.Name}' of shape [{string.Join(',', constant.Dims)}] is not one number for each of {linear.Channels} channels")
            : Fold(node, linear, factors);
    }

    private static RewriteResult Fold(NodeProto node, LinearNode linear, double[] constant)
    {
        var ones = Enumerable.Repeat(1.0, constant.Length).ToArray();
        var (scale, shift) = node.OpType switch
        {
            "Mul" => (constant, new double[constant.Length]),
            "Div" => ([.. constant.Select(value => 1 / value)], new double[constant.Length]),
            "Add" => (ones, constant),
            _ => (ones, [.. constant.Select(value => -value)]),
        };
        return linear.Fold(node, scale, shift);
    }

    /// <summary>Mul and Add take the constant on either side, Div and Sub on the right.</summary>
    private static (LinearNode, TensorProto)? Sides(GraphView view, NodeProto node)
    {
        foreach (var (value, constant) in new[] { (node.Input[0], node.Input[1]), (node.Input[1], node.Input[0]) })
        {
            if (LinearNode.Of(view, view.Producer(value)) is { } linear && view.Constant(constant) is { } tensor) return (linear, tensor);
            if (node.OpType is "Div" or "Sub") return null;
        }
        return null;
    }

    private static double[]? PerChannel(GraphView view, TensorProto constant, LinearNode linear)
    {
        if (constant.DataType != (int)TensorProto.Types.DataType.Float || constant.Dims.Count > Rank(view, linear)) return null;
        var axis = constant.Dims.Count - 1 - linear.ChannelFromEnd;
        if (constant.Dims.Where((size, at) => size != 1 && (at != axis || size != linear.Channels)).Any()) return null;
        var values = TensorValues.Floats(view.Model, constant);
        return values.Length == 1 ? [.. Enumerable.Repeat((double)values[0], (int)linear.Channels)] : [.. values.Select(value => (double)value)];
    }

    /// <summary>Of the output; a constant of more dimensions would give the result its own.</summary>
    private static int Rank(GraphView view, LinearNode linear) =>
        linear.Node.OpType == "MatMul" ? view.Fact(linear.Node.Output[0]).Shape?.Count ?? 1 : linear.ChannelFromEnd == 0 ? 2 : linear.ChannelFromEnd + 2;
}
