using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Opsets;

// before 13: y = Softmax(x; axis) runs over all dimensions from the axis on, of which 1 is the default
// one of those is not 1:    y = Softmax(x; axis = that one)
// else, or ranks unknown:   y = Reshape(Softmax(Flatten(x; axis); axis = 1), Shape(x))
/// <summary>For Softmax, LogSoftmax and Hardmax; the form of before is kept where no single axis is the same.</summary>
internal static class SoftmaxAxis
{
    public static string? Convert(NodeUpgrade node)
    {
        var axis = node.Node.Long("axis", 1);
        if (Single(node.Fact(node.Node.Input[0]).Shape, axis) is { } single) node.Set(GraphBuilder.Attribute("axis", single));
        else Flatten(node, axis);
        return null;
    }

    private static long? Single(IReadOnlyList<long>? shape, long axis)
    {
        if (axis == -1) return axis;
        if (shape is null) return null;
        var first = axis < 0 ? axis + shape.Count : axis;
        var wide = Enumerable.Range(0, shape.Count).Where(at => at >= first && shape[at] != 1).ToList();
        return wide.Count > 1 || first >= shape.Count ? null : wide.Count == 1 ? wide[0] : first;
    }

    private static void Flatten(NodeUpgrade upgrade, long axis)
    {
        var node = upgrade.Node;
        var (input, output) = (node.Input[0], node.Output[0]);
        var (shape, flat, result) = (upgrade.Fresh(output + "/shape"), upgrade.Fresh(output + "/flat"), upgrade.Fresh(output + "/of-flat"));
        upgrade.AddBefore(NodeFacts.Make("Shape", [input], shape));
        upgrade.AddBefore(NodeFacts.Make("Flatten", [input], flat, GraphBuilder.Attribute("axis", axis)));
        (node.Input[0], node.Output[0]) = (flat, result);
        upgrade.Set(GraphBuilder.Attribute("axis", 1L));
        upgrade.AddAfter(NodeFacts.Make("Reshape", [result, shape], output));
    }
}
