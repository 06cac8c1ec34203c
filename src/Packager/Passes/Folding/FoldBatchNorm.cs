using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Folding;

// y = BatchNormalization(W x + B; gamma, beta, mean, var)  ==>  y = W' x + B'
// s = gamma / sqrt(var + epsilon);  W' = W * s;  B' = (B - mean) * s + beta
/// <summary>
/// For Conv, ConvTranspose, Gemm, and MatMul of two dimensions, which becomes a Gemm. The factors are computed in float64. Weights
/// that others read too stay as they are: each fold would store them once more.
/// </summary>
internal sealed class FoldBatchNorm : IRewriteRule
{
    public string Name => "fold-batch-norm";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("BatchNormalization") || LinearNode.Of(view, view.Producer(node.Input[0])) is not { } linear) return RewriteResult.NoMatch;
        if (node.Long("training_mode", 0) != 0 || node.Output.Skip(1).Any(output => output.Length > 0)) return RewriteResult.Refuse("it trains");
        if (linear.Objection(node) is { } objection) return RewriteResult.Refuse(objection);
        if (linear.Node.OpType == "MatMul" && view.Fact(node.Input[0]).Shape is not { Count: 2 }) return RewriteResult.Refuse("its channels are not the last dimension of two");
        return Statistics(view, node, linear.Channels) is not { } parameters
            ? RewriteResult.Refuse($"its parameters are not {linear.Channels} constants each")
            : Fold(node, linear, parameters);
    }

    private static RewriteResult Fold(NodeProto node, LinearNode linear, float[][] parameters)
    {
        var epsilon = (double)node.Float("epsilon", 1e-5f);
        var (gamma, beta, mean, variance) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        var scale = gamma.Select((factor, c) => factor / Math.Sqrt(variance[c] + epsilon)).ToArray();
        var shift = scale.Select((factor, c) => beta[c] - mean[c] * factor).ToArray();
        return linear.Fold(node, scale, shift);
    }

    private static float[][]? Statistics(GraphView view, NodeProto node, long channels)
    {
        var tensors = node.Input.Skip(1).Select(view.FloatConstant).ToList();
        return tensors.TrueForAll(tensor => tensor is { Dims: [var size] } && size == channels) && tensors.Count == 4
            ? [.. tensors.Select(tensor => TensorValues.Floats(view.Model, tensor!))]
            : null;
    }
}
