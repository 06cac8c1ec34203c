using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>The emulations beside ONNX Runtime's own kernels: what they say of a machine without VNNI is what such a machine does.</summary>
public sealed class KernelEmulationTests
{
    private const byte InputZero = 100, OutputZero = 128;

    private static readonly ByteConvolution[] Shapes =
    [
        new([16, 9, 9], [16, 16, 3, 3], 1, 1, 1), new([3, 11, 11], [24, 3, 3, 3], 1, 1, 2), new([7, 6, 6], [13, 7, 1, 1], 1, 0, 1), new([5, 7, 7], [9, 5, 2, 2], 1, 0, 1),
        new([12, 8, 8], [8, 6, 3, 3], 2, 1, 1), new([6, 8, 8], [12, 1, 3, 3], 6, 1, 1), new([16, 8, 8], [16, 1, 3, 3], 16, 1, 1), new([10, 8, 8], [10, 1, 5, 5], 10, 2, 2),
    ];

    public static TheoryData<int, int> Cases => [.. Enumerable.Range(0, Shapes.Length).SelectMany(shape => new[] { (shape, 64), (shape, 127) })];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Convolve_AnyShape_GivesOnnxRuntimesBytes(int shape, int limit)
    {
        var isExact = WithoutVnni.Absence is { } reason;
        Assert.SkipWhen(isExact && limit != 64, isExact ? WithoutVnni.Absence! : "");
        var layer = Shapes[shape];
        var weights = Weights(layer, limit);
        foreach (var input in Inputs(layer))
        {
            var sums = IntegerSums.Convolve(layer, input, weights, InputZero, saturate: true);
            var shift = Shift(sums);
            Assert.Equal(Bytes(sums, shift), Run(layer, input, weights, shift));
            if (limit == 64) Assert.Equal(IntegerSums.Convolve(layer, input, weights, InputZero, saturate: false), sums);
        }
    }

    [Fact]
    public void Convolve_EightBits_IsNotExactButWithOneChannelAGroup() => Assert.Equal(
        Shapes.Select(layer => layer.Weights[1] == 1 && layer.Weights[0] == layer.Groups),
        Shapes.Select(layer => Inputs(layer).All(input => IntegerSums.Convolve(layer, input, Weights(layer, 127), InputZero, saturate: true).SequenceEqual(IntegerSums.Convolve(layer, input, Weights(layer, 127), InputZero, saturate: false)))));

    // Of one sign more often than of the other, as filters are that blur.
    private static sbyte[] Weights(ByteConvolution layer, int limit)
    {
        var random = new SplitMix((ulong)limit);
        return [.. Enumerable.Range(0, layer.Weights.Aggregate(1, (product, size) => product * size)).Select(_ => (sbyte)Math.Clamp(random.NextBelow(3 * limit) - limit, -limit, limit))];
    }

    private static IEnumerable<byte[]> Inputs(ByteConvolution layer)
    {
        var random = new SplitMix(11);
        var count = layer.Input.Aggregate(1, (product, size) => product * size);
        yield return [.. Enumerable.Repeat(byte.MaxValue, count)];
        yield return [.. Enumerable.Range(0, count).Select(_ => (byte)random.NextBelow(256))];
        yield return [.. Enumerable.Range(0, count).Select(_ => random.NextBelow(4) > 0 ? byte.MaxValue : (byte)0)];
    }

    /// <summary>A power of two, by which float32 divides without rounding.</summary>
    private static int Shift(int[] sums) => Math.Max(0, (int)Math.Ceiling(Math.Log2(sums.Max(sum => Math.Abs((double)sum)) / 100)));

    private static byte[] Bytes(int[] sums, int shift) => Array.ConvertAll(sums, sum => (byte)Math.Clamp(MathF.Round(sum / MathF.Pow(2, shift), MidpointRounding.ToEven) + OutputZero, 0, 255));

    private static byte[] Run(ByteConvolution layer, byte[] input, sbyte[] weights, int shift)
    {
        using var workshop = new Workshop();
        long[] shape = [1, .. layer.Input.Select(size => (long)size)], form = [.. layer.Weights.Select(size => (long)size)];
        var model = new GraphSketch().Input("x", DataType.Uint8, shape).Floats("s", [], 1).Floats("ys", [], MathF.Pow(2, shift)).Constant(ByteSketch.Zero("xz", InputZero, signed: false))
            .Constant(ByteSketch.Zero("yz", OutputZero, signed: false)).Constant(ByteSketch.Zero("wz", 0, signed: true)).Constant(TensorValues.Of("w", form, weights.AsSpan()))
            .Node("QLinearConv", "x,s,xz,w,s,wz,ys,yz", "y", ("group", layer.Groups), ("pads", new long[] { layer.Pad, layer.Pad, layer.Pad, layer.Pad }), ("strides", new long[] { layer.Stride, layer.Stride }))
            .Output("y", DataType.Uint8).Build();
        return Bits.Answer(workshop.Write("conv.onnx", model), [new NamedArray("x", ElementType.UInt8, shape, input)])[0].Data;
    }
}
