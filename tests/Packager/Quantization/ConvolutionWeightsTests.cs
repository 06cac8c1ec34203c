using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization;

public sealed class ConvolutionWeightsTests
{
    private const int Channels = 4, Inner = 6, Kernel = 9;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_RandomWeights_AreWithinAStep(bool pairsMustFit)
    {
        var model = Bits.Import(new GraphSketch().Input("x", 1, Inner, 8, 8).Random("w", -1, 1, Channels, Inner, 3, 3).Node("Conv", "x,w", "y").Output("y").Build());
        var tensor = model.Graph.Initializer.Single();
        var exact = TensorValues.Floats(model, tensor);
        var weights = ConvolutionWeights.Of(model, tensor, 1, pairsMustFit);
        for (var i = 0; i < exact.Length; i++)
        {
            var scale = weights.Scales[i / (Inner * Kernel)];
            Assert.InRange(Math.Abs(weights.Values[i] * scale - exact[i]), 0, 0.501f * scale);
        }
        Assert.Equal(pairsMustFit ? Channels : 0, weights.Narrow); // random weights hold some pair over the limit
    }

    [Fact]
    public void Of_PairsMustFit_NoneOfTheKernelsOrderIsOverTheLimit()
    {
        var model = Bits.Import(new GraphSketch().Input("x", 1, Inner, 8, 8).Random("w", -1, 1, Channels, Inner, 3, 3).Node("Conv", "x,w", "y").Output("y").Build());
        var weights = ConvolutionWeights.Of(model, model.Graph.Initializer.Single(), 1, pairsMustFit: true);
        for (var channel = 0; channel < Channels; channel++)
        {
            var ordered = new sbyte[Inner * Kernel];
            for (var at = 0; at < ordered.Length; at++) ordered[at] = weights.Values[channel * ordered.Length + at % Inner * Kernel + at / Inner];
            Assert.InRange(PairSums.Worst(ordered), 0, PairSums.Limit);
        }
    }
}
