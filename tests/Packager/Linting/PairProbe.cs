using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Tests.Support;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>A quantized layer to ask questions of.</summary>
/// <param name="Op">Of the standard domain, or ONNX Runtime's QGemm.</param>
/// <param name="Inner">Input channels of a group; the depth of a product.</param>
/// <param name="Kernel">Empty for a product.</param>
/// <param name="Columns">Outputs in all.</param>
/// <param name="Groups">Of a convolution.</param>
/// <param name="Pixels">Outputs along each axis; rows of a product.</param>
internal sealed record ProbedLayer(string Op, int Inner, int[] Kernel, int Columns, int Groups = 1, int Pixels = 3)
{
    public int Depth => Inner * Kernel.Aggregate(1, (product, size) => product * size);

    public bool IsProduct => Op is "QLinearMatMul" or "QGemm";

    public long[] Input => IsProduct ? [Pixels, Depth] : [1, Inner * Groups, .. Kernel.Select(size => (long)size + Pixels - 1)];

    public long[] Weights => IsProduct ? [Depth, Columns] : [Columns, Inner, .. Kernel.Select(size => (long)size)];

    public override string ToString() => $"{Op} of {Inner} channels by {string.Join('x', Kernel)}, {Columns} columns in {Groups} groups, {Pixels} pixels a side";
}

/// <summary>
/// Finds out which weights a kernel of ONNX Runtime adds in 16 bits: each column has two weights that are not zero and inputs are 255, so that a column
/// comes out at less than it should where its two products meet in one saturating sum.
/// </summary>
internal static class PairProbe
{
    private const int Exact = 200, Rounding = 2;

    /// <summary>The pairs, as places in a column of the weights in the model's order.</summary>
    public static IReadOnlyList<(int First, int Second)> Saturating(ProbedLayer layer, sbyte one = 127, sbyte other = 127)
    {
        var pairs = new List<(int First, int Second)>();
        for (var first = 0; first < layer.Depth; first++)
            for (var second = first + 1; second < layer.Depth; second++) pairs.Add((first, second));
        return [.. pairs.Chunk(layer.Columns).SelectMany(chunk => Saturating(layer, chunk, one, other))];
    }

    private static IEnumerable<(int First, int Second)> Saturating(ProbedLayer layer, (int First, int Second)[] pairs, sbyte one, sbyte other)
    {
        var weights = new sbyte[layer.Columns * layer.Depth];
        for (var column = 0; column < pairs.Length; column++)
            (weights[Place(layer, column, pairs[column].First)], weights[Place(layer, column, pairs[column].Second)]) = (one, other);
        var answer = Answer(layer, weights, (one + other) * 255f / Exact);
        var stride = layer.IsProduct ? 1 : answer.Length / layer.Columns;
        for (var column = 0; column < pairs.Length; column++)
            if (answer[column * stride] < Exact - Rounding) yield return pairs[column];
    }

    private static int Place(ProbedLayer layer, int column, int at) => layer.IsProduct ? at * layer.Columns + column : column * layer.Depth + at;

    private static byte[] Answer(ProbedLayer layer, sbyte[] weights, float step)
    {
        using var workshop = new Workshop();
        var input = new byte[layer.Input.Aggregate(1L, (product, size) => product * size)];
        Array.Fill(input, byte.MaxValue);
        return Bits.Answer(workshop.Write("probe.onnx", Model(layer, weights, step)), [new NamedArray("x", ElementType.UInt8, layer.Input, input)])[0].Data;
    }

    private static byte[] Model(ProbedLayer layer, sbyte[] weights, float step)
    {
        var sketch = new GraphSketch().Input("x", DataType.Uint8, layer.Input).Floats("sx", [], 1).Floats("sw", [], 1).Floats("sy", [], step)
            .Constant(TensorValues.Of("zx", [], new byte[1].AsSpan())).Constant(TensorValues.Of("zy", [], new byte[1].AsSpan()))
            .Constant(TensorValues.Of("zw", [], new sbyte[1].AsSpan())).Constant(TensorValues.Of("w", layer.Weights, weights.AsSpan()));
        (string, object)[] attributes = layer.IsProduct ? [] : [("group", layer.Groups)];
        var inputs = layer.Op == "QGemm" ? "x,sx,zx,w,sw,zw,,sy,zy" : "x,sx,zx,w,sw,zw,sy,zy";
        var model = sketch.Node(layer.Op, inputs, "y", attributes).Output("y", DataType.Uint8).Build();
        return layer.Op == "QGemm" ? ByteSketch.InRuntimeDomain(model, imported: true, layer.Op) : model;
    }
}
