using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Degradation;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0.5, 0.05, true)]
    [InlineData(0.05, 0.05, false)] // its own deadline
    [InlineData(0.15, 0.11, false)] // it would make the second late, which comes after it
    [InlineData(0.9, 0.3, true)] // behind both
    [InlineData(0.9, 0.9, false)]
    public void Fits_BesideTwoPromises_KeepsAllOrSaysNo(double left, double seconds, bool fits) => Assert.Equal(fits, Of(0, new(0.1, 0.05), new(0.2, 0.05)).Fits(left, seconds));

    [Fact]
    public void FitsFirst_RunBeginsNow_CountsAgainstAll()
    {
        Assert.True(Of(0, new Promise(0.2, 0.05)).FitsFirst(0.1, left: 1));
        Assert.False(Of(0, new Promise(0.2, 0.05)).FitsFirst(0.16, left: 1));
        Assert.False(Of(0).FitsFirst(0.16, left: 0.1));
    }

    [Fact]
    public void Fullness_FromNothingToAll()
    {
        Assert.Equal(0, Of(0).Fullness);
        Assert.InRange(Of(0, new Promise(1, 0.25)).Fullness, 0.25, 0.4);
        Assert.Equal(1, Of(0, new Promise(1, 0.25), new Promise(0.1, 0.25)).Fullness);
        Assert.Equal(1, Of(0, new Promise(-1, 0.25)).Fullness);
    }

    [Fact]
    public void Ahead_CountsTheRunUnderWayAndEarlierDeadlines() => Assert.Equal(0.35, Of(0.1, new Promise(0.5, 0.25), new Promise(2, 0.5)).Ahead(1), 6);

    private static Schedule Of(double rest, params Promise[] promises) => new(promises.OrderBy(promise => promise.Left).ToArray(), rest, Pace.AsExpected, 3);
}
