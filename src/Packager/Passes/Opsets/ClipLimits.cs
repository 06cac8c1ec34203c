namespace EdgeRuntime.Packaging.Passes.Opsets;

// y = Clip(x; min=0, max=6)  ==>  y = Clip(x, 0, 6)
/// <summary>The limits are of the type of what is limited. One that is not given limits nothing.</summary>
internal static class ClipLimits
{
    public static string? ToInputs(NodeUpgrade node) => ToInput(node, "min", 1) ?? ToInput(node, "max", 2);

    private static string? ToInput(NodeUpgrade node, string name, int place) =>
        node.Take(name) is { } limit ? node.SetNumber(place, name, limit.F, node.Fact(node.Node.Input[0]).Type) : null;
}
