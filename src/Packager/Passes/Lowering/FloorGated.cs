using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Lowering;

// x c Clip(x + t, 0, ...)  ==>  the same of Clip(x, -t):  it is 0 wherever x is below -t
/// <summary>Says how far down the input of a HardSwish matters, so that its bytes need not reach further: all steps go to the part that counts.</summary>
internal sealed class FloorGated : IRewriteRule
{
    public string Name => "floor-gated";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("Mul") || (Gate(view, node.Input[1], node.Input[0]) ?? Gate(view, node.Input[0], node.Input[1])) is not var (value, sum, floor)) return RewriteResult.NoMatch;
        if (view.Producer(value) is not { } producer || producer.Is("Clip", "Relu")) return RewriteResult.NoMatch;
        if (!Activations.IsQuantized(view, value)) return RewriteResult.Refuse($"'{value}' is no output of a layer that is quantized");
        if (view.IsOutput(value) || view.IsCaptured(value) || view.Consumers(value).Any(reader => reader != node && reader != sum)) return RewriteResult.Refuse($"'{value}' is read elsewhere too");
        var made = new Activations(view);
        var floored = made.Clip(value, floor, float.PositiveInfinity, value);
        if (Between(view, sum, node) is not { } between) return RewriteResult.Refuse("its gate is read elsewhere too");
        List<NodeProto> chain = [sum, .. between, node];
        return new Patch { Removed = chain, Added = [.. made.Nodes, .. chain.Select(link => link.With(link.Input.Select(input => input == value ? floored : input), link.Output))], Constants = made.Constants };
    }

    /// <summary>The value that gates itself, the sum that begins its gate, and below what the gate is shut.</summary>
    private static (string Value, NodeProto Sum, float Floor)? Gate(GraphView view, string gate, string value)
    {
        var node = view.Producer(gate);
        while (node is not null && node.Is("Mul", "Div") && view.Number(node.Input[1]) > 0) node = view.Producer(node.Input[0]);
        if (node is null || !node.Is("Clip") || view.Limit(node, 1, "min", float.NegativeInfinity) != 0 || view.Producer(node.Input[0]) is not { } sum || !sum.Is("Add") || sum.Input[0] != value) return null;
        return view.Number(sum.Input[1]) is > 0 and var t ? (value, sum, -t) : null;
    }

    /// <summary>The nodes of the gate after its sum; null where others read one of them.</summary>
    private static List<NodeProto>? Between(GraphView view, NodeProto sum, NodeProto product)
    {
        List<NodeProto> nodes = [];
        for (var node = sum; ; nodes.Add(node))
        {
            if (view.OnlyReader(node.Output[0]) is not { } next) return null;
            if (next == product) return nodes;
            node = next;
        }
    }
}
