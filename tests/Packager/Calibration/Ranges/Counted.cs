using EdgeRuntime.Packaging.Calibration;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration.Ranges;

/// <summary>Histograms of values that a test makes up.</summary>
internal static class Counted
{
    public static ValueHistogram Of(params IEnumerable<float> values)
    {
        var histogram = new ValueHistogram();
        Assert.True(histogram.TryAdd([.. values]));
        return histogram;
    }

    /// <summary>As many in every part of 0 to 1.</summary>
    public static IEnumerable<float> Even(int count) => Enumerable.Range(0, count).Select(i => (i + 0.5f) / count);

    /// <summary>In each of the parts of 0 to <paramref name="end"/> one less than in the one before, and one in the last.</summary>
    public static IEnumerable<float> Falling(int parts, float end) => Enumerable.Range(0, parts).SelectMany(i => Enumerable.Repeat((i + 0.5f) / parts * end, parts - i));
}
