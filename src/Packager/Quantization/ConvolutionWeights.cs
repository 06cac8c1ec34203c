using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>Weights of a convolution in signed bytes, symmetric, one scale an output channel.</summary>
/// <param name="Values">As the model has them: [out, in / group, ...kernel].</param>
/// <param name="Scales">One an output channel.</param>
/// <param name="Narrow">Channels that got 7 bits.</param>
internal sealed record ConvolutionWeights(sbyte[] Values, float[] Scales, int Narrow)
{
    /// <param name="model">Whose tensor it is.</param>
    /// <param name="weights">[out, in / group, ...kernel].</param>
    /// <param name="pairsMustFit">Whether the target adds pairs of products in 16 bits. ONNX Runtime multiplies in the order kernel, then channel.</param>
    public static ConvolutionWeights Of(OnnxModel model, TensorProto weights, bool pairsMustFit)
    {
        var values = TensorValues.Floats(model, weights);
        int channels = (int)weights.Dims[0], inner = (int)weights.Dims[1], depth = values.Length / channels, kernel = depth / inner;
        var bytes = ByteColumns.Of(Reorder(values, channels, inner, kernel), depth, pairsMustFit);
        var stored = new sbyte[values.Length];
        for (var channel = 0; channel < channels; channel++)
            for (var c = 0; c < inner; c++)
                for (var k = 0; k < kernel; k++) stored[channel * depth + c * kernel + k] = bytes.Values[(k * inner + c) * channels + channel];
        return new ConvolutionWeights(stored, bytes.Scales, bytes.Narrow);
    }

    private static float[] Reorder(float[] values, int channels, int inner, int kernel)
    {
        var ordered = new float[values.Length];
        var depth = inner * kernel;
        for (var channel = 0; channel < channels; channel++)
            for (var c = 0; c < inner; c++)
                for (var k = 0; k < kernel; k++) ordered[channel * depth + k * inner + c] = values[channel * depth + c * kernel + k];
        return ordered;
    }
}
