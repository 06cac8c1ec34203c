using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Opsets;

// opset 10: y = Resize(x, scales)  ==>  y = Resize(x, , scales; coordinate_transformation_mode=asymmetric, nearest_mode=floor)
/// <summary>
/// Opset 10 does not say how the nearest one is found. ONNX Runtime takes the one before where it enlarges and the one behind where it makes
/// smaller, as ONNX's own examples do; where both are in one node, or the scales are not known, no form of later opsets is the same.
/// </summary>
internal static class ResizeCoordinates
{
    public const string Nearest = "nearest", Linear = "linear", Rounding = "nearest_mode", Floor = "floor";
    private const string Ceil = "ceil";

    public static string? Convert(NodeUpgrade node)
    {
        var mode = node.Node.Find("mode")?.S.ToStringUtf8() ?? Nearest;
        if (mode == Nearest && node.Node.Find(Rounding) is null)
        {
            if (node.ConstantFloats(node.Node.InputAt(1)) is not { } scales) return $"its scales '{node.Node.InputAt(1)}' are not known, on which the nearest one depends";
            if (scales.Any(scale => scale > 1) && scales.Any(scale => scale < 1)) return "it enlarges and makes smaller, and has one way only to find the nearest one";
            node.Set(GraphBuilder.Attribute(Rounding, scales.Any(scale => scale < 1) ? Ceil : Floor));
        }
        node.Set(GraphBuilder.Attribute("coordinate_transformation_mode", "asymmetric"));
        var given = node.Node.InputAt(1);
        node.SetInput(1, "");
        node.SetInput(2, given);
        return null;
    }
}
