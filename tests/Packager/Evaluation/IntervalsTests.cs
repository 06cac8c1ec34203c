using EdgeRuntime.Packaging.Evaluation;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Evaluation;

public sealed class IntervalsTests
{
    // Figures of R: prop.test / binom::binom.confint(method = "wilson").
    [Theory]
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(10, 10, 0.7224672, 1)]
    [InlineData(540, 600, 0.8734130, 0.9214880)]
    public void Wilson_KnownShares_GivesTheTablesInterval(double right, double of, double low, double high)
    {
        var (actualLow, actualHigh) = Intervals.Wilson(right, of);
        Assert.Equal(low, actualLow, 1e-3);
        Assert.Equal(high, actualHigh, 1e-3);
    }

    [Fact]
    public void Bootstrap_SameScores_GivesTheSameIntervalAroundTheValue()
    {
        var scores = Enumerable.Range(0, 200).Select(i => new SampleScore(i % 10, 10)).ToList();
        var interval = Intervals.Bootstrap(scores);
        Assert.Equal(interval, Intervals.Bootstrap(scores));
        // The value is 0.45, its standard error sqrt(8.25) / 10 / sqrt(200) = 0.0203.
        Assert.InRange(interval.Low, 0.45 - 3 * 0.0203, 0.45 - 0.0203);
        Assert.InRange(interval.High, 0.45 + 0.0203, 0.45 + 3 * 0.0203);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("same", "same", 0)]
    public void EditDistance_KnownPairs_CountsEdits(string left, string right, int expected) => Assert.Equal(expected, EditDistance.Of(left, right));
}
