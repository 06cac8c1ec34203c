using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Folding;

// Conv(Pad(x, p, 0); pads)  ==>  Conv(x; pads + p), where p pads neither batch nor channels
/// <summary>Padding with zeros that a convolution could do itself: a copy less, and the bytes stay bytes.</summary>
internal sealed class FoldPad : IRewriteRule
{
    private const int FirstSpatial = 2;

    public string Name => "fold-pad";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("Conv") || view.Producer(node.Input[0]) is not { } pad || !pad.Is("Pad")) return RewriteResult.NoMatch;
        if (!view.IsPrivateTo(node.Input[0], node)) return RewriteResult.Refuse($"'{node.Input[0]}' is read elsewhere too");
        if (node.Find("auto_pad") is { } automatic && automatic.S.ToStringUtf8() is not ("NOTSET" or "")) return RewriteResult.Refuse("the convolution finds its padding itself");
        if (!IsOfZeros(view, pad)) return RewriteResult.Refuse($"'{pad.Name}' pads with something other than 0");
        if (view.Constant(pad.InputAt(1)) is not { } sizes || pad.InputAt(3).Length > 0) return RewriteResult.Refuse($"'{pad.Name}' pads by sizes that vary");
        return Folded(node, pad, TensorValues.Longs(view.Model, sizes)) is { } folded
            ? new Patch { Removed = [pad, node], Added = [folded] }
            : RewriteResult.Refuse($"'{pad.Name}' pads batch or channels, or cuts");
    }

    /// <param name="node">The convolution.</param>
    /// <param name="pad">Before it.</param>
    /// <param name="sizes">Of all axes before, then of all axes behind.</param>
    private static NodeProto? Folded(NodeProto node, NodeProto pad, long[] sizes)
    {
        var rank = sizes.Length / 2;
        var given = node.Longs("pads") ?? [.. Enumerable.Repeat(0L, 2 * (rank - FirstSpatial))];
        if (sizes.Any(size => size < 0) || Enumerable.Range(0, FirstSpatial).Any(axis => sizes[axis] != 0 || sizes[axis + rank] != 0) || given.Count != 2 * (rank - FirstSpatial)) return null;
        var pads = sizes[FirstSpatial..rank].Concat(sizes[(rank + FirstSpatial)..]).Zip(given, (more, size) => more + size);
        var folded = node.With(node.Input.Skip(1).Prepend(pad.Input[0]), node.Output);
        if (folded.Find("pads") is { } before) folded.Attribute.Remove(before);
        folded.Attribute.Add(GraphBuilder.Attribute("pads", [.. pads]));
        return folded;
    }

    private static bool IsOfZeros(GraphView view, NodeProto pad) =>
        (pad.Find("mode") is not { } mode || mode.S.ToStringUtf8() == "constant")
        && (pad.InputAt(2).Length == 0 || view.FloatConstant(pad.Input[2]) is { } value && TensorValues.Floats(view.Model, value).All(number => number == 0));
}
