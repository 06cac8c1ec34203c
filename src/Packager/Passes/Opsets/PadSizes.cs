namespace EdgeRuntime.Packaging.Passes.Opsets;

// y = Pad(x; pads=[0,1,0,1], value=2)  ==>  y = Pad(x, [0,1,0,1], 2)
/// <summary>The value is of the type of what is padded, and 0 where it is not given.</summary>
internal static class PadSizes
{
    public static string? ToInputs(NodeUpgrade node)
    {
        if (node.Take("pads") is not { } pads) return "it has no pads";
        node.SetLongs(1, "pads", pads.Ints);
        return node.Take("value") is { F: not 0 } value ? node.SetNumber(2, "value", value.F, node.Fact(node.Node.Input[0]).Type) : null;
    }
}
