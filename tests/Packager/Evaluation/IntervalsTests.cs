using EdgeRuntime.Packaging.Evaluation;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Evaluation;

public sealed class IntervalsTests
{
    // (p + z2/2n +- z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), worked out apart from the code.
    [Theory]
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(0, 10, 0, 0.2775328)]
    [InlineData(10, 10, 0.7224672, 1)]
    [InlineData(540, 600, 0.8733923, 0.9215183)]
    public void Wilson_KnownShares_GivesTheFormulasInterval(double right, double of, double low, double high)
    {
        var (actualLow, actualHigh) = Intervals.Wilson(right, of);
        Assert.Equal(low, actualLow, 1e-6);
        Assert.Equal(high, actualHigh, 1e-6);
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
