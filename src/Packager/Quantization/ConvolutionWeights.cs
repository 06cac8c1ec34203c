using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>Weights of a convolution in signed bytes, symmetric, one scale an output channel.</summary>
/// <param name="Values">As the model has them: [out, in / group, ...kernel].</param>
/// <param name="Scales">One an output channel.</param>
/// <param name="Narrow">Channels that got less than 8 bits.</param>
internal sealed record ConvolutionWeights(sbyte[] Values, float[] Scales, int Narrow)
{
    /// <param name="model">Whose tensor it is.</param>
    /// <param name="weights">[out, in / group, ...kernel].</param>
    /// <param name="groups">Of the convolution.</param>
    /// <param name="pairsMustFit">Whether the target adds pairs of products in 16 bits, where its kernel does.</param>
    public static ConvolutionWeights Of(OnnxModel model, TensorProto weights, long groups, bool pairsMustFit)
    {
        var values = TensorValues.Floats(model, weights);
        int channels = (int)weights.Dims[0], depth = values.Length / channels;
        var paired = KernelOrder.OfConvolution(weights.Dims, groups);
        int[] order = paired ?? [.. Enumerable.Range(0, depth)];
        var ordered = new float[values.Length];
        for (var at = 0; at < values.Length; at += depth)
            for (var k = 0; k < depth; k++) ordered[at + k] = values[at + order[k]];
        var bytes = ByteColumns.Of(ordered, depth, pairsMustFit && paired is not null);
        var stored = new sbyte[values.Length];
        for (var channel = 0; channel < channels; channel++)
            for (var k = 0; k < depth; k++) stored[channel * depth + order[k]] = bytes.Values[k * channels + channel];
        return new ConvolutionWeights(stored, bytes.Scales, bytes.Narrow);
    }
}
