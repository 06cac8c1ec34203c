using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

public static partial class TestModels
{
    /// <summary>
    /// The shape of BERT base's encoder, random weights (85 million, 340 MB with the defaults): float32
    /// <c>x[batch, sequence, width] -> y[batch, sequence, width]</c>. Writes model.onnx and weights.bin; returns the path of
    /// model.onnx.
    /// </summary>
    public static string Transformer(string folder, int layers = 12, int width = 768, int heads = 12, ulong seed = 1)
    {
        using var weights = ExternalWeights(folder, seed);
        var builder = new ModelBuilder("transformer", seed, weights);
        string value = builder.Input("x", DataType.Float, -1, -1, width);
        for (int layer = 0; layer < layers; layer++)
        {
            value = Residual(builder, value, Attention(builder, value, width, heads), width);
            value = Residual(builder, value, FeedForward(builder, value, width), width);
        }
        builder.Node("Identity", [value], "y");
        builder.Output("y", DataType.Float, -1, -1, width);
        return Save(folder, builder);
    }

    private static string Attention(ModelBuilder builder, string input, int width, int heads)
    {
        string query = Heads(builder, Linear(builder, input, width, width), width, heads, [0, 2, 1, 3]);
        string key = Heads(builder, Linear(builder, input, width, width), width, heads, [0, 2, 3, 1]);
        string value = Heads(builder, Linear(builder, input, width, width), width, heads, [0, 2, 1, 3]);
        string scores = builder.Node("Mul", [builder.Node("MatMul", [query, key]), builder.Scalar(1f / MathF.Sqrt((float)width / heads))]);
        string mixed = builder.Node("MatMul", [builder.Node("Softmax", [scores], null, ("axis", -1)), value]);
        string joined = builder.Node("Transpose", [mixed], null, ("perm", new long[] { 0, 2, 1, 3 }));
        return Linear(builder, builder.Node("Reshape", [joined, builder.Int64s(0, 0, width)]), width, width);
    }

    private static string Heads(ModelBuilder builder, string input, int width, int heads, long[] permutation)
    {
        string split = builder.Node("Reshape", [input, builder.Int64s(0, 0, heads, width / heads)]);
        return builder.Node("Transpose", [split], null, ("perm", permutation));
    }

    // Gelu by its definition, x/2 (1 + erf(x / sqrt 2)), as exporters below opset 20 write it.
    private static string FeedForward(ModelBuilder builder, string input, int width)
    {
        string wide = Linear(builder, input, width, 4 * width);
        string erf = builder.Node("Erf", [builder.Node("Div", [wide, builder.Scalar(MathF.Sqrt(2))])]);
        string gate = builder.Node("Mul", [wide, builder.Node("Add", [erf, builder.Scalar(1)])]);
        return Linear(builder, builder.Node("Mul", [gate, builder.Scalar(0.5f)]), 4 * width, width);
    }

    private static string Linear(ModelBuilder builder, string input, int from, int to) =>
        builder.Node("Add", [builder.Node("MatMul", [input, builder.Weights(Range(from) / 2, from, to)]), builder.Weights(0.02f, to)]);

    private static string Residual(ModelBuilder builder, string input, string branch, int width) =>
        builder.Node("LayerNormalization", [builder.Node("Add", [input, branch]), builder.Weights(1f, width), builder.Weights(0.02f, width)], null, ("axis", -1));
}
