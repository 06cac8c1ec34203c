using EdgeRuntime.Packaging.Calibration;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration;

public sealed class ValueHistogramTests
{
    [Fact]
    public void TryAdd_AnyOrder_GivesTheSameBins()
    {
        float[] values = [0.001f, -1e-30f, -3, 70, 0.5f, -0.25f, 1e-6f, 1000];
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
