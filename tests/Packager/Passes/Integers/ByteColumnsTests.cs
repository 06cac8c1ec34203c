using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Passes.Integers;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Integers;

public sealed class ByteColumnsTests
{
    private const int Depth = 37, Columns = 11;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_AnyColumn_IsOffByHalfAStepAtMost(bool pairsMustFit)
    {
        var weights = Random(Depth * Columns);
        var bytes = ByteColumns.Of(weights, Depth, pairsMustFit);
        for (var n = 0; n < Columns; n++)
            for (var k = 0; k < Depth; k++)
                Assert.InRange(Math.Abs(weights[n * Depth + k] - bytes.Scales[n] * bytes.Values[k * Columns + n]), 0, 0.5001f * bytes.Scales[n]);
    }

    [Fact]
    public void Of_PairsThatSaturate_GetAScaleThatJustFitsAndTheOthersEightBits()
    {
        float[] loud = [1, 0.9f, 0.1f, 0], quiet = [1, 0, 0.9f, 0], opposed = [1, -0.9f, 0, 0];
        var bytes = ByteColumns.Of([.. loud, .. quiet, .. opposed], 4, pairsMustFit: true);
        Assert.Equal((1, 127, 127), (bytes.Narrow, bytes.Values[1], bytes.Values[2]));
        Assert.InRange(bytes.Values[0] + bytes.Values[3], 127, 128);
        Assert.Equal(0, ByteColumns.Of([.. loud, .. quiet], 4, pairsMustFit: false).Narrow);
    }

    /// <summary>vpmaddubsw in C#: the sum of a pair, saturated to 16 bits; with eight bits some input shows the difference, with the rule none does.</summary>
    [Fact]
    public void Of_PairsMustFit_SaturatingSumsAreExact()
    {
        var weights = Random(Depth * Columns);
        Assert.NotEqual(Sums(ByteColumns.Of(weights, Depth, pairsMustFit: false), saturate: true), Sums(ByteColumns.Of(weights, Depth, pairsMustFit: false), saturate: false));
        Assert.Equal(Sums(ByteColumns.Of(weights, Depth, pairsMustFit: true), saturate: true), Sums(ByteColumns.Of(weights, Depth, pairsMustFit: true), saturate: false));
    }

    [Fact]
    public void Of_ZeroColumn_IsZero() => Assert.Equal([0, 0], ByteColumns.Of([0, 0], 2, pairsMustFit: true).Values);

    // The worst inputs: 255 where it makes the pair's sum larger.
    private static List<int> Sums(ByteColumns bytes, bool saturate)
    {
        var sums = new List<int>();
        for (var n = 0; n < Columns; n++)
            foreach (var sign in (int[])[1, -1])
            {
                var sum = 0;
                for (var k = 0; k < Depth; k += 2)
                {
                    var pair = Product(k) + (k + 1 < Depth ? Product(k + 1) : 0);
                    sum += saturate ? Math.Clamp(pair, short.MinValue, short.MaxValue) : pair;
                }
                sums.Add(sum);

                int Product(int k) => bytes.Values[k * Columns + n] * sign > 0 ? 255 * bytes.Values[k * Columns + n] : 0;
            }
        return sums;
    }

    private static float[] Random(int count)
    {
        var random = new SplitMix(7);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextUnit() - 1))];
    }
}
