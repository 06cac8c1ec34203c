using EdgeRuntime.Packaging.Tests.Support;

namespace EdgeRuntime.Packaging.Tests.Passes.Opsets;

/// <summary>A node of an old opset, from x to y.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Opset">Of the model.</param>
/// <param name="Shape">Of x.</param>
/// <param name="Nodes">Adds the node and its constants to a graph in which x is.</param>
internal sealed record OpsetCase(string Name, long Opset, long[] Shape, Func<GraphSketch, GraphSketch> Nodes);

/// <summary>One for each form that a converter knows.</summary>
internal static class OpsetCases
{
    private static readonly long[] Image = [-1, 2, 6, 4], Free = [2, -1, 3];

    public static IReadOnlyList<OpsetCase> All { get; } =
    [
        Node("Softmax, last axis", 9, Free, "Softmax", ("axis", 2)),
        Node("Softmax, axis that is not given", 9, Free, "Softmax"),
        Node("Softmax, axis that is not given, of two dimensions", 9, [-1, 5], "Softmax"),
        Node("Softmax, ones behind the axis", 9, [-1, 6, 1, 1], "Softmax"),
        Node("Softmax, ones before the last", 9, [-1, 1, 1, 6], "Softmax"),
        Node("Softmax, all dimensions", 9, Free, "Softmax", ("axis", 0)),
        Node("Softmax, axis from the end", 11, Free, "Softmax", ("axis", -2)),
        Node("Softmax, last axis from the end", 11, Free, "Softmax", ("axis", -1)),
        Node("LogSoftmax", 10, Free, "LogSoftmax"),
        Node("LogSoftmax, last axis", 12, Free, "LogSoftmax", ("axis", 2)),
        Node("Hardmax", 9, Free, "Hardmax"),
        Node("Hardmax, last axis", 11, Free, "Hardmax", ("axis", 2)),
        Node("Squeeze", 9, [-1, 1, 3, 1], "Squeeze", ("axes", new long[] { 1, 3 })),
        Node("Squeeze, no axes", 11, [-1, 1, 3], "Squeeze"),
        Node("Unsqueeze", 9, Free, "Unsqueeze", ("axes", new long[] { 0, 2 })),
        Node("Unsqueeze, axis from the end", 12, Free, "Unsqueeze", ("axes", new long[] { -1 })),
        Node("ReduceSum", 9, Free, "ReduceSum", ("axes", new long[] { 0, 2 }), ("keepdims", 0)),
        Node("ReduceSum, no axes", 11, Free, "ReduceSum"),
        new("Split", 9, [-1, 7], graph => graph.Node("Split", "x", "a,b", ("split", new long[] { 2, 5 }), ("axis", 1)).Node("Concat", "b,a", "y", ("axis", 1))),
        new("Split, equal parts", 11, [-1, 6], graph => graph.Node("Split", "x", "a,b", ("axis", -1)).Node("Sub", "a,b", "y")),
        Node("Slice", 9, Free, "Slice", ("starts", new long[] { 1, -2 }), ("ends", new long[] { 40, 9000 }), ("axes", new long[] { 1, 2 })),
        Node("Slice, no axes", 9, Free, "Slice", ("starts", new long[] { 0, 3 }), ("ends", new long[] { 1, 60 })),
        Node("Pad", 9, Free, "Pad", ("pads", new long[] { 0, 1, 0, 1, 0, 2 }), ("value", 0.5f)),
        Node("Pad, zeros", 10, Free, "Pad", ("pads", new long[] { 0, 1, 0, 1, 0, 2 })),
        Node("Pad, reflected", 9, Image, "Pad", ("pads", new long[] { 0, 0, 1, 2, 0, 0, 2, 1 }), ("mode", "reflect")),
        Node("Clip", 9, Free, "Clip", ("min", -0.25f), ("max", 0.5f)),
        Node("Clip, upper limit only", 10, Free, "Clip", ("max", 0.25f)),
        Node("Clip, no limit", 7, Free, "Clip"),
        new("TopK", 9, [-1, 9], graph => graph.Node("TopK", "x", "y,i", ("k", 3))),
        new("TopK of a first axis", 9, [5, -1], graph => graph.Node("TopK", "x", "y,i", ("k", 2), ("axis", 0))),
        Node("Upsample, scales in it", 7, Image, "Upsample", ("scales", new float[] { 1, 1, 2, 3 }), ("mode", "nearest")),
        new("Upsample, nearest", 9, Image, graph => graph.Floats("scales", [4], 1, 1, 2.5f, 1.3f).Node("Upsample", "x,scales", "y")),
        new("Upsample, linear", 9, Image, graph => graph.Floats("scales", [4], 1, 1, 2, 3).Node("Upsample", "x,scales", "y", ("mode", "linear"))),
        new("Resize, larger", 10, Image, graph => graph.Floats("scales", [4], 1, 1, 2.5f, 2).Node("Resize", "x,scales", "y")),
        new("Resize, smaller", 10, Image, graph => graph.Floats("scales", [4], 1, 1, 0.6f, 0.5f).Node("Resize", "x,scales", "y")),
        new("Resize, linear, both", 10, Image, graph => graph.Floats("scales", [4], 1, 1, 0.6f, 2).Node("Resize", "x,scales", "y", ("mode", "linear"))),
        Node("Dropout of opset 7", 7, Free, "Dropout", ("ratio", 0.3f)),
        Node("Dropout", 10, Free, "Dropout"),
        new("BatchNormalization", 7, [-1, 3, 5], graph => graph.Random("g", 0.5, 2, 3).Random("b", -1, 1, 3).Random("m", -1, 1, 3).Random("v", 0.1, 1, 3).Node("BatchNormalization", "x,g,b,m,v", "y", ("spatial", 1))),
        new("Scatter", 9, [2, 3], graph => graph.LongsOf("at", [1, 2], 1, 0).Floats("by", [1, 2], 7, 8).Node("Scatter", "x,at,by", "y", ("axis", 1))),
    ];

    private static OpsetCase Node(string name, long opset, long[] shape, string op, params (string Name, object Value)[] attributes) =>
        new(name, opset, shape, graph => graph.Node(op, "x", "y", attributes));
}
