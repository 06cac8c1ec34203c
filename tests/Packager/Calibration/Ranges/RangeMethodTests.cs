using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Calibration.Ranges;

/// <summary>What holds for every way to choose a range.</summary>
public sealed class RangeMethodTests
{
    public static TheoryData<string> Names => ["mse", "minmax", "percentile", "percentile:99.9", "percentile:50", "entropy"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_OneValue_ReachesFromZeroToIt(string name)
    {
        var method = Method(name);
        Assert.Equal(new ValueRange(0, 3), method.Of(Counted.Of(3), symmetric: false));
        Assert.Equal(new ValueRange(-3, 0), method.Of(Counted.Of(-3), symmetric: false));
        Assert.Equal(new ValueRange(-3, 3), method.Of(Counted.Of(-3), symmetric: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_NothingButZero_IsNotEmpty(string name)
    {
        foreach (var histogram in (ValueHistogram[])[Counted.Of(0, 0, -0f), new()])
        {
            Assert.Equal(new ValueRange(0, 1), Method(name).Of(histogram, symmetric: false));
            Assert.Equal(new ValueRange(-1, 1), Method(name).Of(histogram, symmetric: true));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_OneSign_BeginsAtZero(string name)
    {
        float[] values = [.. Counted.Even(10_000).Select(value => 5 + value)];
        var (above, below) = (Method(name).Of(Counted.Of(values), symmetric: false), Method(name).Of(Counted.Of(values.Select(value => -value)), symmetric: false));
        Assert.Equal((0, 0), (above.Low, below.High));
        Assert.InRange(above.High, 5, 6);
        Assert.InRange(below.Low, -6, -5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_Symmetric_HasEqualLimitsWithinWhatWasSeen(string name)
    {
        var range = Method(name).Of(Counted.Of([.. Counted.Even(10_000), .. Counted.Even(10_000).Select(value => -2 * value)]), symmetric: true);
        Assert.Equal(-range.Low, range.High);
        Assert.InRange(range.High, name == "percentile:50" ? 0.6 : 1.5, 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_AnyOrder_IsTheSame(string name)
    {
        float[] values = [.. Counted.Falling(64, 1e-3f), .. Counted.Falling(64, -1), .. Counted.Falling(32, 20), 900, -40];
        var (forward, backward) = (new ValueHistogram(), new ValueHistogram());
        foreach (var value in values) Assert.True(forward.TryAdd([value]));
        Assert.True(backward.TryAdd([.. Enumerable.Reverse(values)]));
        foreach (var symmetric in (bool[])[false, true]) Assert.Equal(Method(name).Of(forward, symmetric), Method(name).Of(backward, symmetric));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_LittleBesideMuchZero_IsNeverEmpty(string name)
    {
        var zeros = Enumerable.Repeat(0f, 99_999);
        foreach (var symmetric in (bool[])[false, true])
            foreach (var value in (float[])[5, -5])
                Assert.True(Method(name).Of(Counted.Of([.. zeros, value]), symmetric) is var range && range.Low < range.High && range.Low <= 0 && range.High >= 0);
    }

    [Theory]
    [InlineData("mse", "mse")]
    [InlineData("percentile", "percentile:99.99")]
    [InlineData("percentile:99.5", "percentile:99.5")]
    [InlineData("entropy", "entropy")]
    public void Find_Name_IsThatMethod(string given, string name) => Assert.Equal(name, RangeMethods.Find(given)!.Name);

    [Theory]
    [InlineData("")]
    [InlineData("MSE")]
    [InlineData("entropy:2")]
    [InlineData("percentile:")]
    [InlineData("percentile:49.9")]
    [InlineData("percentile:100.1")]
    [InlineData("percentile:-99")]
    [InlineData("percentile:99,9")]
    public void Find_NoName_IsNone(string given) => Assert.Null(RangeMethods.Find(given));

    private static IRangeMethod Method(string name) => RangeMethods.Find(name)!;
}
