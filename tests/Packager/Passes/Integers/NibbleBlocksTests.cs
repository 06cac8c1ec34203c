using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Passes.Integers;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Integers;

public sealed class NibbleBlocksTests
{
    [Theory]
    [InlineData(4, 32, 64)]
    [InlineData(4, 32, 75)]
    [InlineData(4, 128, 200)]
    [InlineData(8, 32, 75)]
    public void Of_AnyDepth_IsNoWorseThanRoundingTheWholeRange(int bits, int size, int depth)
    {
        var weights = Random(depth * 6, seed: 3);
        var restored = NibbleBlocks.Of(weights, depth, bits, size).Restored();
        for (var column = 0; column < 6; column++)
            for (var from = 0; from < depth; from += size)
            {
                var places = Enumerable.Range(column * depth + from, Math.Min(size, depth - from)).ToList();
                // Half a step of the whole range is the most that plain rounding is off; the zero point may cost another half at the ends.
                var step = (Math.Max(0, places.Max(i => weights[i])) - Math.Min(0, places.Min(i => weights[i]))) / ((1 << bits) - 1);
                Assert.InRange(places.Sum(i => Math.Pow(weights[i] - restored[i], 2)), 0, places.Count * step * step);
            }
    }

    [Fact]
    public void Of_OneLargeWeightAmongMany_IsCutForTheRest()
    {
        float[] weights = [.. Random(127, seed: 5), 1.6f];
        var restored = NibbleBlocks.Of(weights, 128, 4, 128).Restored();
        Assert.InRange(restored[127], 1f, 1.59f);
    }

    [Fact]
    public void Of_Zeros_StayZero() => Assert.All(NibbleBlocks.Of([.. Random(16, 1), .. new float[48]], 64, 4, 32).Restored()[16..], value => Assert.Equal(0, value));

    private static float[] Random(int count, ulong seed)
    {
        var random = new SplitMix(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextUnit() - 1))];
    }
}
