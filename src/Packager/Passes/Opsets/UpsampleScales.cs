using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Opsets;

// opset 9:   y = Upsample(x; scales)  ==>  y = Upsample(x, scales)
// opset 10:  y = Upsample(x, scales)  ==>  y = Resize(x, scales)
/// <summary>Its scales are at least 1, so that the nearest one is always the one before, whatever they are.</summary>
internal static class UpsampleScales
{
    public static string? ToInput(NodeUpgrade node)
    {
        if (node.Take("scales") is not { } scales) return "it has no scales";
        node.SetFloats(1, "scales", scales.Floats);
        return null;
    }

    public static string? ToResize(NodeUpgrade node)
    {
        var mode = node.Node.Find("mode")?.S.ToStringUtf8() ?? ResizeCoordinates.Nearest;
        if (mode is not (ResizeCoordinates.Nearest or ResizeCoordinates.Linear)) return $"its mode is '{mode}'";
        node.Node.OpType = "Resize";
        if (mode == ResizeCoordinates.Nearest) node.Set(GraphBuilder.Attribute(ResizeCoordinates.Rounding, ResizeCoordinates.Floor));
        return null;
    }
}
