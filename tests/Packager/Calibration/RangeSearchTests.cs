using EdgeRuntime.Packaging.Calibration;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration;

public sealed class RangeSearchTests
{
    [Fact]
    public void Of_OneValueFarOut_IsCutShort()
    {
        var histogram = new ValueHistogram();
        Assert.True(histogram.TryAdd([.. Enumerable.Range(0, 100_000).Select(i => i / 100_000f)]));
        Assert.True(histogram.TryAdd([8]));
        var range = RangeSearch.Of(histogram, symmetric: false);
        Assert.Equal(0, range.Low);
        Assert.InRange(range.High, 1, 7.9);
    }

    [Fact]
    public void TryAdd_AnyOrder_GivesTheSameBins()
    {
        float[] values = [0.001f, -3, 70, 0.5f, -0.25f, 1e-6f, 1000];
        var (forward, backward) = (new ValueHistogram(), new ValueHistogram());
        foreach (var value in values) Assert.True(forward.TryAdd([value]));
        foreach (var value in values.Reverse()) Assert.True(backward.TryAdd([value]));
        Assert.Equal(forward.Bins, backward.Bins);
        Assert.Equal(values.Length, forward.Bins.Sum(bin => bin.Count));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryAdd_NoNumber_IsRefused(float value) => Assert.False(new ValueHistogram().TryAdd([1, value]));
}
