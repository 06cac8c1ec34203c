using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

public static partial class TestModels
{
    /// <summary>
    /// The shape of MobileNetV2 at width 1 with its BatchNorms, random weights (3.5 million): float32
    /// <c>x[batch, 3, 224, 224] -> y[batch, 1000]</c>, with ReLU6 or with HardSwish in its place. Writes model.onnx and weights.bin; returns the
    /// path of model.onnx.
    /// </summary>
    public static string MobileNetV2(string folder, bool hardSwish = false, ulong seed = 1)
    {
        using var weights = ExternalWeights(folder, seed);
        var builder = new ModelBuilder("mobilenet-v2", seed, weights);
        builder.Input("x", DataType.Float, -1, 3, 224, 224);
        string value = Activated(builder, NormedConv(builder, "x", 3, 32, 3, 2), hardSwish);
        int channels = 32;
        foreach (var (expansion, width, blocks, stride) in new[] { (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1) })
        {
            for (int block = 0; block < blocks; block++)
            {
                value = InvertedResidual(builder, value, channels, width, expansion, block == 0 ? stride : 1, hardSwish);
                channels = width;
            }
        }
        value = Activated(builder, NormedConv(builder, value, channels, 1280, 1, 1), hardSwish);
        Classifier(builder, value, 1280, 1000);
        return Save(folder, builder);
    }

    private static string InvertedResidual(ModelBuilder builder, string input, int from, int to, int expansion, int stride, bool hardSwish)
    {
        int wide = from * expansion;
        string value = expansion == 1 ? input : Activated(builder, NormedConv(builder, input, from, wide, 1, 1), hardSwish);
        value = Activated(builder, NormedConv(builder, value, wide, wide, 3, stride, groups: wide), hardSwish);
        value = NormedConv(builder, value, wide, to, 1, 1);
        return from == to && stride == 1 ? builder.Node("Add", [input, value]) : value;
    }

    private static string NormedConv(ModelBuilder builder, string input, int from, int to, int kernel, int stride, int groups = 1)
    {
        long pad = kernel / 2;
        string value = builder.Node("Conv", [input, builder.Weights(Range((long)from / groups * kernel * kernel), to, from / groups, kernel, kernel)], null,
            ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }), ("group", groups));
        return builder.Node("BatchNormalization",
            [value, builder.Constants(1, to), builder.Weights(0.1f, to), builder.Weights(0.1f, to), builder.Constants(1, to)], null, ("epsilon", 1e-5f));
    }

    private static string Activated(ModelBuilder builder, string value, bool hardSwish) =>
        hardSwish ? builder.Node("HardSwish", [value]) : builder.Node("Clip", [value, builder.Scalar(0), builder.Scalar(6)]);
}
