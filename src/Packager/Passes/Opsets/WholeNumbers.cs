namespace EdgeRuntime.Packaging.Passes.Opsets;

// y = Op(x; axes=[1])  ==>  y = Op(x, [1])
/// <summary>Attributes of whole numbers that became inputs. An attribute that is not given, or empty, is an input that is not given.</summary>
internal static class WholeNumbers
{
    /// <summary>Squeeze, Unsqueeze and ReduceSum.</summary>
    public static string? AxesToInput(NodeUpgrade node) => ToInput(node, "axes", 1);

    public static string? SplitToInput(NodeUpgrade node) => ToInput(node, "split", 1);

    // y = Slice(x; starts, ends, axes)  ==>  y = Slice(x, starts, ends, axes)
    public static string? SliceToInputs(NodeUpgrade node) => ToInput(node, "starts", 1) ?? ToInput(node, "ends", 2) ?? ToInput(node, "axes", 3);

    // (y, i) = TopK(x; k=3)  ==>  (y, i) = TopK(x, [3])
    public static string? CountToInput(NodeUpgrade node)
    {
        if (node.Take("k") is not { } count) return "it has no k";
        node.SetLongs(1, "k", [count.I]);
        return null;
    }

    private static string? ToInput(NodeUpgrade node, string name, int place)
    {
        if (node.Take(name) is { Ints.Count: > 0 } attribute) node.SetLongs(place, name, attribute.Ints);
        return null;
    }
}
