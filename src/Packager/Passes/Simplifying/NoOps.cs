using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Simplifying;

// y = NoOp(x); z = Op(y)  ==>  z = Op(x)
// x = Op(w); y = NoOp(x), y an output, x read by nobody else  ==>  y = Op(w)
/// <summary>Removes what hands its input on unchanged, bit for bit. One that joins an input or initializer to an output of the graph stays: they keep their names.</summary>
internal sealed class NoOps : IRewriteRule
{
    /// <summary>Ops that copy their first input, and when. Slice and Pad are none: they can change values and keep the shape.</summary>
    private static readonly Dictionary<string, Func<GraphView, NodeProto, bool>> Copies = new(StringComparer.Ordinal)
    {
        ["Identity"] = (_, _) => true,
        ["Dropout"] = IsInference,
        ["Cast"] = (view, node) => view.Fact(node.Input[0]).Type is var type && type != 0 && type == (ElementType)node.Long("to", 0),
        ["Transpose"] = (_, node) => node.Longs("perm") is { } perm && perm.SequenceEqual(Enumerable.Range(0, perm.Count).Select(axis => (long)axis)),
        ["Concat"] = (_, node) => node.Input.Count == 1,
        ["Sum"] = (_, node) => node.Input.Count == 1,
        ["Reshape"] = KeepsShape,
        ["Flatten"] = KeepsShape,
        ["Squeeze"] = KeepsShape,
        ["Unsqueeze"] = KeepsShape,
        ["Expand"] = KeepsShape,
        ["Tile"] = KeepsShape,
    };

    public string Name => "no-op";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (node.Domain is not ("" or "ai.onnx") || !Copies.TryGetValue(node.OpType, out var copies) || !copies(view, node)) return RewriteResult.NoMatch;
        var (from, to) = (node.Input[0], node.Output[0]);
        if (!view.IsOutput(to)) return new Patch { Removed = [node], Added = [], Renamed = new Dictionary<string, string> { [to] = from } };
        if (view.Producer(from) is not { } producer) return RewriteResult.Refuse($"'{to}' is an output of the graph and '{from}' is no node's");
        if (!view.IsPrivateTo(from, node)) return RewriteResult.Refuse($"'{to}' is an output of the graph and '{from}' is read by others too");
        if (producer.Output.Count > 1 || GraphWalk.Subgraphs(producer).Any()) return RewriteResult.Refuse($"'{to}' is an output of the graph");
        return new Patch { Removed = [producer, node], Added = [producer.With(producer.Input, [to])] };
    }

    private static bool IsInference(GraphView view, NodeProto node)
    {
        if (node.OutputAt(1) is { Length: > 0 } mask && (view.Consumers(mask).Count > 0 || view.IsOutput(mask) || view.IsCaptured(mask))) return false;
        var training = node.InputAt(2);
        return training.Length == 0 || view.Constant(training) is { } flag && TensorBytes.IsZero(view.Model.ContentOf(flag));
    }

    private static bool KeepsShape(GraphView view, NodeProto node)
    {
        var (before, after) = (view.Fact(node.Input[0]), view.Fact(node.Output[0]));
        return before.IsStatic && after.IsStatic && before.Shape!.SequenceEqual(after.Shape!);
    }
}
