using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Lowering;

// HardSwish(x)  ==>  x Clip(x + 3, 0, 6) / 6
/// <summary>Behind a layer whose output is quantized: a sum and a product of bytes, the clip in the range, the quotient in the scale.</summary>
internal sealed class LowerHardSwish : IRewriteRule
{
    public string Name => "lower-hard-swish";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("HardSwish")) return RewriteResult.NoMatch;
        var (value, output) = (node.Input[0], node.Output[0]);
        if (!Activations.IsQuantized(view, value)) return RewriteResult.Refuse($"'{value}' is no output of a layer that is quantized");
        var made = new Activations(view);
        var gate = made.Clip(made.Binary("Add", value, 3, output), 0, 6, output);
        made.Last("Mul", made.Product(value, gate, output), 1f / 6, output);
        return new Patch { Removed = [node], Added = made.Nodes, Constants = made.Constants };
    }
}
