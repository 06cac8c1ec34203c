namespace EdgeRuntime.Packaging.Passes.Opsets;

// y = Scatter(x, indices, updates)  ==>  y = ScatterElements(x, indices, updates)
internal static class ScatterElements
{
    public static string? Rename(NodeUpgrade node)
    {
        node.Node.OpType = nameof(ScatterElements);
        return null;
    }
}
