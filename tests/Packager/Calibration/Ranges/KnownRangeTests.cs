using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration.Ranges;

/// <summary>Each way to choose a range on values whose range is known.</summary>
public sealed class KnownRangeTests
{
    // Values up to 1 are counted in bins of this width.
    private const double Bin = 1 / 2048.0;

    // Values up to 8.
    private const double WideBin = 1 / 256.0;

    [Fact]
    public void SquaredError_OneValueFarOut_IsCutShort()
    {
        var range = new SquaredErrorRange().Of(Counted.Of([.. Counted.Even(100_000), 8]), symmetric: false);
        Assert.Equal(0, range.Low);
        Assert.InRange(range.High, 1, 7.9);
    }

    [Fact]
    public void MinMax_OneValueFarOut_IsKept()
    {
        var histogram = Counted.Of([.. Counted.Even(100_000), 8, -0.5f]);
        Assert.Equal(new ValueRange(-0.5, 8), new MinMaxRange().Of(histogram, symmetric: false));
        Assert.Equal(new ValueRange(-8, 8), new MinMaxRange().Of(histogram, symmetric: true));
    }

    [Fact]
    public void Percentile_OneSign_CutsThere()
    {
        var range = new PercentileRange(99).Of(Counted.Of(Counted.Even(10_000)), symmetric: false);
        Assert.Equal(0, range.Low);
        Assert.InRange(range.High, 0.98995, 0.98995 + Bin);
    }

    [Fact]
    public void Percentile_BothSigns_CutsHalfAtEither()
    {
        var histogram = Counted.Of([.. Counted.Even(10_000), .. Counted.Even(10_000).Select(value => -value)]);
        var (range, even) = (new PercentileRange(99).Of(histogram, symmetric: false), new PercentileRange(99).Of(histogram, symmetric: true));
        Assert.InRange(range.High, 0.98995, 0.98995 + Bin);
        Assert.InRange(range.Low, -0.98995 - Bin, -0.98995);
        Assert.InRange(even.High, 0.98995, 0.98995 + Bin);
    }

    [Fact]
    public void Percentile_FewFarOutAtOneEnd_CutsThem()
    {
        float[] values = [.. Counted.Even(9_990), .. Enumerable.Repeat(-50f, 10)];
        Assert.Equal(new ValueRange(0, values.Max()), new PercentileRange(99.8m).Of(Counted.Of(values), symmetric: false));
        Assert.Equal(-50, new PercentileRange(99.9m).Of(Counted.Of(values), symmetric: false).Low); // half of ten is too few for all ten
    }

    [Fact]
    public void Percentile_All_IsMinMax()
    {
        var histogram = Counted.Of([.. Counted.Even(1000), 8, -3]);
        Assert.Equal(ValueRange.Of(histogram, symmetric: false), new PercentileRange(100).Of(histogram, symmetric: false));
    }

    /// <summary>As many in every bin: no level hides anything, and whatever is cut off would be missed.</summary>
    [Fact]
    public void Entropy_EvenValues_KeepsAll()
    {
        var histogram = Counted.Of(Counted.Even(4096));
        Assert.Equal(ValueRange.Of(histogram, symmetric: false), new EntropyRange().Of(histogram, symmetric: false));
    }

    // Bins are 1/256 wide where values reach to 8: of 256 levels up to 8, each hides how 8 bins differ.
    [Fact]
    public void Entropy_OneValueFarOut_ReachesToTheLastOfTheOthers()
    {
        var histogram = Counted.Of([.. Counted.Falling(256, 1), 8]);
        Assert.Equal(new ValueRange(0, 1), new EntropyRange().Of(histogram, symmetric: false));
        Assert.Equal(new ValueRange(-1, 1), new EntropyRange().Of(Counted.Of([.. Counted.Falling(256, 1), .. Counted.Falling(256, -1), 8]), symmetric: true));
    }

    /// <summary>Less the last bin, of one value, where that leaves more levels for the others.</summary>
    [Fact]
    public void Entropy_SidesThatDiffer_GetALimitEach()
    {
        var range = new EntropyRange().Of(Counted.Of([.. Counted.Falling(256, 1), .. Counted.Falling(64, -0.25f), 8]), symmetric: false);
        var mirrored = new EntropyRange().Of(Counted.Of([.. Counted.Falling(256, -1), .. Counted.Falling(64, 0.25f), -8]), symmetric: false);
        Assert.InRange(range.High, 1 - WideBin, 1);
        Assert.InRange(range.Low, -0.25, -0.25 + WideBin);
        Assert.InRange(mirrored.Low, -1, -1 + WideBin);
        Assert.InRange(mirrored.High, 0.25 - WideBin, 0.25);
    }

    [Fact]
    public void Entropy_MuchZero_ChangesNothing() =>
        Assert.Equal(new ValueRange(0, 1), new EntropyRange().Of(Counted.Of([.. Enumerable.Repeat(0f, 100_000), .. Counted.Falling(256, 1), 8]), symmetric: false));
}
