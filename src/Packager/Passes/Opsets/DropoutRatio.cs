using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;

namespace EdgeRuntime.Packaging.Passes.Opsets;

// y = Dropout(x; ratio=0.1)  ==>  y = Dropout(x, 0.1)
/// <summary>It trains neither before nor after: since opset 12 only where an input says so.</summary>
internal static class DropoutRatio
{
    public static string? ToInput(NodeUpgrade node)
    {
        if (node.IsRead(node.Node.OutputAt(1))) return $"its mask '{node.Node.Output[1]}' is read, which means something else since";
        while (node.Node.Output.Count > 1) node.Node.Output.RemoveAt(1);
        return node.Take("ratio") is { } ratio ? node.SetNumber(1, "ratio", ratio.F, ElementType.Float32) : null;
    }
}
