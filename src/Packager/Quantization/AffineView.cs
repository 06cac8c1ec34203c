using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization;

// v = factor x + offset, x ~ s (q - z)  ==>  v ~ factor s (q - (z - offset / (factor s))): the same bytes, read otherwise
/// <summary>A value that is another's bytes with another scale and zero: Mul, Div, Add and Sub by one constant number cost nothing.</summary>
/// <param name="Node">Computes it in float, and goes.</param>
/// <param name="Root">The value whose bytes they are.</param>
/// <param name="Factor">Above 0, of all nodes from the root to here.</param>
/// <param name="Offset">Likewise.</param>
internal sealed record AffineView(NodeProto Node, string Root, double Factor, double Offset)
{
    /// <param name="view">The graph.</param>
    /// <param name="node">Any node.</param>
    /// <param name="offsets">Whether the zero may move; symmetric bytes keep it at 0.</param>
    /// <returns>The value that the node reads, and its own factor and offset; null where it is none of them.</returns>
    public static (string Value, double Factor, double Offset)? Step(GraphView view, NodeProto node, bool offsets)
    {
        if (!node.Is("Mul", "Div", "Add", "Sub") || view.IsOutput(node.Output[0]) || view.IsCaptured(node.Output[0])) return null;
        var (value, number) = (node.Input[0], Number(view, node.Input[1]));
        if (number is null && node.OpType is "Mul" or "Add") (value, number) = (node.Input[1], Number(view, node.Input[0]));
        var step = (node.OpType, number) switch
        {
            (_, null) => default,
            ("Mul", { } c) => (c, 0),
            ("Div", { } c) => (1 / c, 0),
            ("Add", { } c) => (1, c),
            (_, { } c) => (1.0, -c),
        };
        return step.Item1 > 0 && double.IsFinite(step.Item1) && double.IsFinite(step.Item2) && (offsets || step.Item2 == 0) ? (value, step.Item1, step.Item2) : null;
    }

    /// <summary>A constant of one element; in a shape that could give the result more dimensions it is not taken.</summary>
    private static double? Number(GraphView view, string name) =>
        view.Constant(name) is { Dims.Count: <= 1 } ? view.Number(name) : null;
}
