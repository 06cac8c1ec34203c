using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Lowering;

// HardSigmoid(x) = max(0, min(1, alpha x + beta))  ==>  alpha Clip(x + beta / alpha, 0, 1 / alpha)
/// <summary>Behind a layer whose output is quantized: the sum goes into its bias or is one of bytes, the clip into the range, the factor into the scale.</summary>
internal sealed class LowerHardSigmoid : IRewriteRule
{
    private const float Alpha = 0.2f, Beta = 0.5f;

    public string Name => "lower-hard-sigmoid";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("HardSigmoid")) return RewriteResult.NoMatch;
        var (alpha, beta) = (node.Float("alpha", Alpha), node.Float("beta", Beta));
        if (!Activations.IsQuantized(view, node.Input[0])) return RewriteResult.Refuse($"'{node.Input[0]}' is no output of a layer that is quantized");
        if (alpha <= 0 || beta < 0) return RewriteResult.Refuse($"alpha {alpha} and beta {beta} are not above 0");
        var made = new Activations(view);
        var shifted = made.Binary("Add", node.Input[0], beta / alpha, node.Output[0]);
        made.Last("Mul", made.Clip(shifted, 0, 1 / alpha, node.Output[0]), alpha, node.Output[0]);
        return new Patch { Removed = [node], Added = made.Nodes, Constants = made.Constants };
    }
}
