using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Degradation;

public sealed class PaceTests
{
    [Fact]
    public void Learn_EverythingTakesThreeTimesAsLong_IsKnownWithinThreeRuns()
    {
        var pace = Settled(new Random(1));
        for (var run = 0; run < 3; run++) pace.Learn(0.12, 0.04);
        Assert.InRange(pace.Mean, 2.7, 3.1);
    }

    [Fact]
    public void Learn_OneRunIsSlow_TheOthersAreExpectedMuchAsBefore()
    {
        var pace = Settled(new Random(2));
        pace.Learn(0.06, 0.04);
        for (var run = 0; run < 3; run++) pace.Learn(0.04, 0.04);
        Assert.InRange(pace.Mean, 0.95, 1.1);
    }

    [Theory]
    [InlineData(1, 0.04)]
    [InlineData(2.5, 0.12)]
    public void Safe_RunsScatter_FewTakeLonger(double slow, double scatter)
    {
        var chance = new Random(3);
        var pace = Pace.AsExpected;
        int late = 0;
        for (var run = 0; run < 4000; run++)
        {
            double takes = slow * (1 + (scatter * Normal(chance)));
            if (run > 100 && takes > pace.Safe(1, 1, 3.3)) late++;
            pace.Learn(takes, 1);
        }
        Assert.InRange(pace.Mean, slow * (1 - (2 * scatter)), slow * (1 + (2 * scatter)));
        Assert.True(late < 20, $"{late} of 3900"); // one in 2000, were the filter's spread exact
        Assert.True(pace.Safe(1, 1, 3.3) < slow * (1 + (7 * scatter)), "caution that promises nothing is no use");
    }

    [Fact]
    public void LearnStillGoing_NotLateYet_ChangesNothing()
    {
        var pace = Settled(new Random(4));
        double before = pace.Mean;
        pace.LearnStillGoing(0.03, 0.04);
        Assert.Equal(before, pace.Mean);
        pace.LearnStillGoing(0.4, 0.04);
        Assert.True(pace.Mean > 2 * before);
    }

    private static Pace Settled(Random chance)
    {
        var pace = Pace.AsExpected;
        for (var run = 0; run < 200; run++) pace.Learn(0.04 * (1 + (0.03 * Normal(chance))), 0.04);
        return pace;
    }

    private static double Normal(Random chance) => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
}
