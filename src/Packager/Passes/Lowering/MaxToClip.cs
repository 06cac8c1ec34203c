using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Lowering;

// Max(x, c)  ==>  Clip(x, c)          Min(x, c)  ==>  Clip(x, , c)
/// <summary>A limit that is one constant number, as the op that says so: bytes then end there.</summary>
internal sealed class MaxToClip : IRewriteRule
{
    public string Name => "max-to-clip";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("Max", "Min") || node.Input.Count != 2) return RewriteResult.NoMatch;
        foreach (var (value, limit) in new[] { (node.Input[0], node.Input[1]), (node.Input[1], node.Input[0]) })
        {
            if (view.Number(limit) is not { } number || !(view.Fact(value).Shape?.Count >= view.Constant(limit)!.Dims.Count)) continue;
            var scalar = TensorValues.Of(view.Fresh($"{limit}/scalar"), [], [number]);
            var clip = NodeFacts.Make("Clip", node.OpType == "Max" ? [value, scalar.Name] : [value, "", scalar.Name], node.Output[0]);
            return new Patch { Removed = [node], Added = [clip], Constants = [scalar] };
        }
        return RewriteResult.NoMatch;
    }
}
