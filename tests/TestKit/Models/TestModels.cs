using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

/// <summary>
/// ONNX models made in code, opset 17, the same bytes for the same arguments. The small ones are returned whole; the
/// large ones are written to a folder as model.onnx and weights.bin, as a variant in a bundle is.
/// </summary>
public static partial class TestModels
{
    /// <summary><c>y = x</c>, of any element type (ONNX number; 1 is float32) and shape (-1 is dynamic).</summary>
    public static byte[] Identity(int elementType = 1, params long[] shape)
    {
        if (shape.Length == 0) shape = [-1, -1];
        var builder = new ModelBuilder("identity", 1);
        builder.Input("x", (DataType)elementType, shape);
        builder.Node("Identity", ["x"], "y");
        builder.Output("y", (DataType)elementType, shape);
        return builder.Build();
    }

    /// <summary>Float32 <c>x[batch, inputs] -> y[batch, outputs]</c>: two layers with Relu between.</summary>
    public static byte[] Mlp(int inputs = 16, int hidden = 64, int outputs = 4, ulong seed = 1)
    {
        var builder = new ModelBuilder("mlp", seed);
        builder.Input("x", DataType.Float, -1, inputs);
        string middle = builder.Node("Gemm", ["x", builder.Weights(Range(inputs), inputs, hidden), builder.Weights(0.1f, hidden)]);
        string active = builder.Node("Relu", [middle]);
        builder.Node("Gemm", [active, builder.Weights(Range(hidden), hidden, outputs), builder.Weights(0.1f, outputs)], "y");
        builder.Output("y", DataType.Float, -1, outputs);
        return builder.Build();
    }

    /// <summary>Float32 <c>x[batch, 3, height, width] -> y[batch, classes]</c>: two convolutions, global pooling, one Gemm.</summary>
    public static byte[] SmallCnn(int channels = 16, int classes = 10, ulong seed = 1)
    {
        var builder = new ModelBuilder("small-cnn", seed);
        builder.Input("x", DataType.Float, -1, 3, -1, -1);
        string value = ConvRelu(builder, "x", 3, channels, 3, stride: 2);
        value = ConvRelu(builder, value, channels, 2 * channels, 3, stride: 2);
        Classifier(builder, value, 2 * channels, classes);
        return builder.Build();
    }

    /// <summary>
    /// Int64 <c>indices[3, n]</c> of the non-zero places of float32 <c>x[a, b, c]</c>: an output whose shape depends on the
    /// data and not on the input's shape alone.
    /// </summary>
    public static byte[] NonZero()
    {
        var builder = new ModelBuilder("non-zero", 1);
        builder.Input("x", DataType.Float, -1, -1, -1);
        builder.Node("NonZero", ["x"], "indices");
        builder.Output("indices", DataType.Int64, 3, -1);
        return builder.Build();
    }

    /// <summary>Float32 <c>x[n] -> y[n / columns, columns]</c>: fails at run time where n is no multiple.</summary>
    public static byte[] Reshape(int columns)
    {
        var builder = new ModelBuilder("reshape", 1);
        builder.Input("x", DataType.Float, -1);
        builder.Node("Reshape", ["x", builder.Int64s(-1, columns)], "y");
        builder.Output("y", DataType.Float, -1, columns);
        return builder.Build();
    }

    /// <summary>
    /// Float32 <c>x[size, size]</c> multiplied with itself <paramref name="steps"/> times, each product scaled: as slow as
    /// wanted, to be stopped on the way.
    /// </summary>
    public static byte[] Slow(int size = 512, int steps = 200)
    {
        var builder = new ModelBuilder("slow", 1);
        string value = builder.Input("x", DataType.Float, size, size);
        string scale = builder.Scalar(1f / size);
        for (int step = 0; step < steps; step++)
        {
            value = builder.Node("Mul", [builder.Node("MatMul", [value, "x"]), scale], step == steps - 1 ? "y" : null);
        }
        builder.Output("y", DataType.Float, size, size);
        return builder.Build();
    }

    /// <summary>Float32 <c>y = log(x)</c>: NaN or an infinity where x is not positive.</summary>
    public static byte[] Logarithm()
    {
        var builder = new ModelBuilder("logarithm", 1);
        builder.Input("x", DataType.Float, -1);
        builder.Node("Log", ["x"], "y");
        builder.Output("y", DataType.Float, -1);
        return builder.Build();
    }

    /// <summary>
    /// Int64 <c>shape[2] -> y[1, 1]</c>, the sum of a product of two matrices of that shape: one node, which nothing stops while it runs and which
    /// takes seconds from 1500 x 1500 on, since integers are multiplied one by one.
    /// </summary>
    public static byte[] Stubborn()
    {
        var builder = new ModelBuilder("stubborn", 1);
        builder.Input("shape", DataType.Int64, 2);
        string matrix = builder.Node("Expand", [builder.Int64s(1), "shape"]);
        builder.Node("ReduceSum", [builder.Node("MatMul", [matrix, matrix])], "y");
        builder.Output("y", DataType.Int64, 1, 1);
        return builder.Build();
    }

    /// <summary>The range of uniform weights that keeps the variance of a layer of <paramref name="fanIn"/> inputs before a Relu.</summary>
    private static float Range(long fanIn) => MathF.Sqrt(6f / fanIn);
}
