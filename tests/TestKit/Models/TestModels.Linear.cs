using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

public static partial class TestModels
{
    /// <summary>Float32 <c>y[batch, outputs] = x[batch, inputs] W</c>. Writes model.onnx and W as weights.bin; returns the path of model.onnx.</summary>
    public static string Linear(string folder, int inputs, int outputs, ulong seed = 1)
    {
        using var weights = ExternalWeights(folder, seed);
        var builder = new ModelBuilder("linear", seed, weights);
        builder.Input("x", DataType.Float, -1, inputs);
        builder.Node("MatMul", ["x", builder.Weights(1, inputs, outputs)], "y");
        builder.Output("y", DataType.Float, -1, outputs);
        return Save(folder, builder);
    }

    /// <summary>
    /// Float32 <c>x[batch, width] -> y[batch, width]</c>: dense layers with Relu between. Reads all its weights for one sample or for many.
    /// Writes model.onnx and weights.bin; returns the path of model.onnx.
    /// </summary>
    public static string DenseLayers(string folder, int layers, int width, ulong seed = 1)
    {
        using var weights = ExternalWeights(folder, seed);
        var builder = new ModelBuilder("dense-layers", seed, weights);
        string value = builder.Input("x", DataType.Float, -1, width);
        for (int layer = 0; layer < layers; layer++)
        {
            string sum = builder.Node("Gemm", [value, builder.Weights(Range(width), width, width), builder.Weights(0.1f, width)], layer == layers - 1 ? "y" : null);
            value = layer == layers - 1 ? sum : builder.Node("Relu", [sum]);
        }
        builder.Output("y", DataType.Float, -1, width);
        return Save(folder, builder);
    }
}
