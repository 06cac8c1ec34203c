using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

public static partial class TestModels
{
    /// <summary>
    /// The shape of ResNet-50 v1.5 with BatchNorm folded, random weights (25.5 million, 102 MB): float32
    /// <c>x[batch, 3, 224, 224] -> y[batch, 1000]</c>. Writes model.onnx and weights.bin; returns the path of model.onnx.
    /// </summary>
    public static string ResNet50(string folder, ulong seed = 1)
    {
        using var weights = ExternalWeights(folder, seed);
        var builder = new ModelBuilder("resnet-50", seed, weights);
        builder.Input("x", DataType.Float, -1, 3, 224, 224);
        string value = ConvRelu(builder, "x", 3, 64, 7, stride: 2);
        value = builder.Node("MaxPool", [value], null, ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        int channels = 64;
        foreach (var (blocks, width, stride) in new[] { (3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2) })
        {
            for (int block = 0; block < blocks; block++)
            {
                value = Bottleneck(builder, value, channels, width, block == 0 ? stride : 1);
                channels = 4 * width;
            }
        }
        Classifier(builder, value, channels, 1000);
        return Save(folder, builder);
    }

    private static string Bottleneck(ModelBuilder builder, string input, int channels, int width, int stride)
    {
        string value = ConvRelu(builder, input, channels, width, 1, stride: 1);
        value = ConvRelu(builder, value, width, width, 3, stride);
        value = Conv(builder, value, width, 4 * width, 1, stride: 1, gain: 0.3f); // or sixteen sums of random branches overflow the useful range
        string shortcut = channels == 4 * width && stride == 1 ? input : Conv(builder, input, channels, 4 * width, 1, stride);
        return builder.Node("Relu", [builder.Node("Add", [value, shortcut])]);
    }

    private static string ConvRelu(ModelBuilder builder, string input, int from, int to, int kernel, int stride) =>
        builder.Node("Relu", [Conv(builder, input, from, to, kernel, stride)]);

    private static string Conv(ModelBuilder builder, string input, int from, int to, int kernel, int stride, float gain = 1f)
    {
        long pad = kernel / 2;
        string[] inputs = [input, builder.Weights(gain * Range((long)from * kernel * kernel), to, from, kernel, kernel), builder.Weights(0.05f, to)];
        return builder.Node("Conv", inputs, null,
            ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
    }

    private static void Classifier(ModelBuilder builder, string input, int channels, int classes)
    {
        string pooled = builder.Node("Flatten", [builder.Node("GlobalAveragePool", [input])], null, ("axis", 1));
        builder.Node("Gemm", [pooled, builder.Weights(Range(channels), classes, channels), builder.Weights(0.05f, classes)], "y", ("transB", 1));
        builder.Output("y", DataType.Float, -1, classes);
    }

    private static WeightStream ExternalWeights(string folder, ulong seed)
    {
        Directory.CreateDirectory(folder);
        return new WeightStream(Path.Combine(folder, "weights.bin"), seed);
    }

    private static string Save(string folder, ModelBuilder builder)
    {
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, builder.Build());
        return path;
    }
}
