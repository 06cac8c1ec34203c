using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Data;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration;

/// <summary>Values eight at a time against one at a time, at every length of what is left over.</summary>
public sealed class ValueScanTests
{
    public static TheoryData<int> Lengths => [0, 1, 7, 8, 9, 15, 16, 1003, 20_005];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void TryReach_AnyLength_FindsBothEnds(int length)
    {
        var values = Values(length);
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        Assert.True(ValueScan.TryReach(values, ref least, ref most));
        Assert.Equal((values.DefaultIfEmpty(float.PositiveInfinity).Min(), values.DefaultIfEmpty(float.NegativeInfinity).Max()), (least, most));
    }

    [Fact]
    public void TryReach_NoNumberAnywhere_IsFound()
    {
        foreach (var bad in (float[])[float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            for (var at = 0; at < 19; at++)
            {
                var values = Values(19);
                values[at] = bad;
                var (least, most) = (0f, 0f);
                Assert.False(ValueScan.TryReach(values, ref least, ref most));
            }
    }

    [Fact]
    public void TryReach_NegativeZero_IsZero()
    {
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        Assert.True(ValueScan.TryReach([-0f, -0f, -0f], ref least, ref most));
        Assert.False(float.IsNegative(least) || float.IsNegative(most));
    }

    /// <summary>Lane i has elements i, i + 8, ...; lanes i and i + 4 are added, then neighbours, then what is left over. Not one bit off on any processor.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sum_AnyLength_IsInTheStatedOrder(int length)
    {
        var values = Values(length);
        var lanes = new double[8];
        var whole = length / 8 * 8;
        for (var i = 0; i < whole; i++) lanes[i % 8] += values[i];
        double[] pairs = [.. Enumerable.Range(0, 4).Select(i => lanes[i] + lanes[i + 4])];
        double rest = 0;
        foreach (var value in values[whole..]) rest += value;
        Assert.Equal(BitConverter.DoubleToInt64Bits(pairs[0] + pairs[1] + (pairs[2] + pairs[3]) + rest), BitConverter.DoubleToInt64Bits(ValueScan.Sum(values)));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Add_ManyOrFew_CountsEachInItsBin(int length)
    {
        float[] values = [.. Values(length), 64, -64, -1e-30f, 0];
        var (counted, expected) = (new long[128], new long[128]);
        BinCounts.Add(values, 1, counted);
        foreach (var value in values) expected[Math.Min(127, (int)Math.Floor((double)value) + 64)]++;
        Assert.Equal(expected, counted);
    }

    private static float[] Values(int length)
    {
        var random = new SplitMix((ulong)length + 1);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextUnit() - 0.5) * (random.NextBelow(4) == 0 ? 100 : 1e-3f))];
    }
}
