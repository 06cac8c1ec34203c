using System.Runtime.InteropServices;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Tuning;

/// <summary>A convolution is its weights times the patches: ONNX Runtime's answers say where they are.</summary>
public sealed class KernelPatchesTests
{
    private const int Channels = 2, Size = 9;

    public static TheoryData<string, object> Forms => new()
    {
        { "plain", new long[] { 1 } }, { "strides", new long[] { 2, 1 } }, { "dilations", new long[] { 1, 2 } }, { "pads", new long[] { 1, 2, 1, 2 } }, { "auto_pad", "SAME_UPPER" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Locate_EveryPlace_FindsWhatTheConvolutionReads(string name, object value)
    {
        var sketch = new GraphSketch().Input("x", 1, Channels, Size, Size).Random("w", -1, 1, 1, Channels, 3, 3).Node("Conv", "x,w", "y", name == "plain" ? [] : [(name, value)]).Output("y");
        using var workshop = new Workshop();
        var path = workshop.Write("conv.onnx", sketch.Build());
        var answer = MemoryMarshal.Cast<byte, float>(Bits.Answer(path)[0].Data).ToArray();
        var model = Bits.Import(sketch.Build());
        var weights = TensorValues.Floats(model, model.Graph.Initializer[0]);
        var input = MemoryMarshal.Cast<byte, float>(new MadeUpData([new() { Name = "x", Type = Bundles.ElementType.Float32, Shape = [1, Channels, Size, Size] }], 8).Read(0).Inputs[0].Data).ToArray();
        var patches = KernelPatches.Of(model.Graph.Node[0], model.Graph.Initializer[0].Dims);
        Assert.Equal(answer.Length, patches.Places([Size, Size]));
        for (var place = 0; place < answer.Length; place++) Assert.Equal(answer[place], Product(patches, weights, input, place), 1e-5 * Channels * patches.Taps);
    }

    private static double Product(KernelPatches patches, float[] weights, float[] input, int place)
    {
        var offsets = new int[patches.Taps];
        patches.Locate([Size, Size], place, offsets);
        double sum = 0;
        for (var at = 0; at < weights.Length; at++)
            if (offsets[at % patches.Taps] is >= 0 and var offset) sum += weights[at] * (double)input[at / patches.Taps * Size * Size + offset];
        return sum;
    }
}
