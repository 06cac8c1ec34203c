using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Quantization.Tuning;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Tuning;

public sealed class InputMomentsTests
{
    private const int Places = 50;

    /// <summary>Sums of at most 50 products of float32 and their means: each is off by 2^-24 of itself.</summary>
    private const double Rounding = 50.0 / 16777216;

    [Fact]
    public void Add_PointwiseLayer_IsTheCovarianceOfItsChannels()
    {
        var (values, moments) = Seen(channels: 21, group: 1);
        var (covariance, size) = moments[0, 0];
        Assert.Equal(21, size);
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++) Assert.Equal(Covariance(values, i, j), covariance[i * size + j], Rounding);
    }

    [Fact]
    public void Add_Groups_AreApart()
    {
        var (values, moments) = Seen(channels: 6, group: 3);
        Assert.Equal(Covariance(values, 4, 5), moments[2, 0].Covariance[1], Rounding);
    }

    [Fact]
    public void Add_LargePatches_AreCutIntoBlocks()
    {
        var (values, moments) = Seen(channels: InputMoments.LargestBlock + 3, group: 1);
        Assert.Equal((2, InputMoments.LargestBlock, 3), (moments.Blocks, moments.Start(1), moments[0, 1].Size));
        Assert.Equal(Covariance(values, InputMoments.LargestBlock, InputMoments.LargestBlock + 2), moments[0, 1].Covariance[2], Rounding);
    }

    [Fact]
    public void Add_MorePlacesThanAreLookedAt_TakesTheSameEachTime() => Assert.Equal(Seen(8, 1, looked: 10).Moments[0, 0].Covariance, Seen(8, 1, looked: 10).Moments[0, 0].Covariance);

    private static (float[][] Values, InputMoments Moments) Seen(int channels, int group, int looked = Places)
    {
        var random = new SplitMix(5);
        var values = Enumerable.Range(0, channels).Select(_ => Enumerable.Range(0, Places).Select(_ => (float)random.NextUnit()).ToArray()).ToArray();
        var node = NodeFacts.Make("Conv", ["x", "w"], "y", Onnx.GraphBuilder.Attribute("group", group));
        var moments = new InputMoments(node, [4 * group, channels / group, 1, 1], 1);
        moments.Add([.. values.SelectMany(channel => channel)], [1, channels, 5, Places / 5], looked);
        return (values, moments);
    }

    private static double Covariance(float[][] values, int i, int j) =>
        values[i].Zip(values[j], (one, other) => one * (double)other).Average() - values[i].Average(value => (double)value) * values[j].Average(value => (double)value);
}
