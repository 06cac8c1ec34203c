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
}
