using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>A convolution of bytes, as one image and its weights.</summary>
/// <param name="Input">Channels, height, width.</param>
/// <param name="Weights">Outputs, channels of a group, height, width.</param>
internal sealed record ByteConvolution(int[] Input, int[] Weights, int Groups, int Pad, int Stride)
{
    public int Height => (Input[1] + 2 * Pad - Weights[2]) / Stride + 1;

    public int Width => (Input[2] + 2 * Pad - Weights[3]) / Stride + 1;

    public override string ToString() => $"[{string.Join(',', Input)}] by [{string.Join(',', Weights)}], {Groups} groups, pad {Pad}, stride {Stride}";
}

// vpmaddubsw: s16(u8 s8 + u8 s8), saturated;  vpmaddwd, vpaddd: the rest in 32 bits
/// <summary>Sums of products of unsigned and signed bytes, exact or as x86 without VNNI does them.</summary>
internal static class IntegerSums
{
    /// <param name="inputs">In the kernel's order, as the weights.</param>
    /// <param name="weights">Of one output.</param>
    /// <param name="saturate">Whether each pair is kept within 16 bits.</param>
    public static int Of(ReadOnlySpan<byte> inputs, ReadOnlySpan<sbyte> weights, bool saturate)
    {
        var sum = 0;
        for (var at = 0; at < weights.Length; at += 2)
        {
            var pair = inputs[at] * weights[at] + (at + 1 < weights.Length ? inputs[at + 1] * weights[at + 1] : 0);
            sum += saturate ? Math.Clamp(pair, short.MinValue, short.MaxValue) : pair;
        }
        return sum;
    }

    /// <summary>The sums of (x - zero) w of every output, channel after channel; what lies around the image is zero.</summary>
    public static int[] Convolve(ByteConvolution layer, byte[] input, sbyte[] weights, byte zero, bool saturate)
    {
        var depth = layer.Weights[1] * layer.Weights[2] * layer.Weights[3];
        var order = KernelOrder.OfConvolution([.. layer.Weights.Select(size => (long)size)], layer.Groups);
        var places = order ?? [.. Enumerable.Range(0, depth)];
        var sums = new int[layer.Weights[0] * layer.Height * layer.Width];
        for (var at = 0; at < sums.Length; at++)
        {
            var output = at / (layer.Height * layer.Width);
            var column = Array.ConvertAll(places, place => weights[output * depth + place]);
            var patch = Array.ConvertAll(places, place => Pixel(layer, input, zero, output, at % (layer.Height * layer.Width), place));
            sums[at] = Of(patch, column, saturate && order is not null) - zero * column.Sum(weight => weight);
        }
        return sums;
    }

    private static byte Pixel(ByteConvolution layer, byte[] input, byte zero, int output, int pixel, int place)
    {
        int kernel = layer.Weights[2] * layer.Weights[3], group = output / (layer.Weights[0] / layer.Groups);
        var channel = group * layer.Weights[1] + place / kernel;
        var y = pixel / layer.Width * layer.Stride - layer.Pad + place % kernel / layer.Weights[3];
        var x = pixel % layer.Width * layer.Stride - layer.Pad + place % layer.Weights[3];
        return y < 0 || y >= layer.Input[1] || x < 0 || x >= layer.Input[2] ? zero : input[(channel * layer.Input[1] + y) * layer.Input[2] + x];
    }
}
