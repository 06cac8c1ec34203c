using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

public static partial class TestModels
{
    /// <summary>
    /// Float32 <c>x[batch, 1, 16, 16] -> y[batch, 10]</c>: convolutions of 64 channels over the whole plane, as many as wanted. Computes much
    /// on few bytes, so that a run takes about as long each time and a batch gains nothing.
    /// </summary>
    public static byte[] Convolutions(int layers, ulong seed = 1)
    {
        const int channels = 64, classes = 10, side = 16;
        var builder = new ModelBuilder("convolutions", seed);
        string value = ConvRelu(builder, builder.Input("x", DataType.Float, -1, 1, side, side), 1, channels, 3, stride: 1);
        for (int layer = 0; layer < layers; layer++) value = ConvRelu(builder, value, channels, channels, 3, stride: 1);
        Classifier(builder, value, channels, classes);
        return builder.Build();
    }
}
