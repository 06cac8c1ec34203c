using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

public sealed class ServiceTimeTests
{
    [Fact]
    public void Safe_SteadyRuns_IsNearTheMean()
    {
        var costs = Learned((1, 100));
        Assert.Equal(100, costs.Typical(1), 0.1);
        Assert.InRange(costs.Safe(1), 100, 110);
        Assert.InRange(costs.Safe(1, 10), 1000, 1100);
    }

    [Fact]
    public void Safe_RunsGetSlower_FollowsWithinAFewRuns()
    {
        var costs = Learned((1, 100));
        for (int i = 0; i < 3; i++) costs.Add(1, 300);
        Assert.True(costs.Safe(1) >= 300, $"{costs.Safe(1)}");
    }

    [Fact]
    public void Typical_FirstRunIsSlow_TheFastestOfTheFirstCounts()
    {
        var costs = new ServiceTime();
        costs.Add(1, 5000);
        costs.Add(1, 100);
        Assert.Equal(100, costs.Typical(1));
    }

    [Fact]
    public void Typical_SizesBetween_LieBetweenTheirNeighbours()
    {
        var costs = Learned((1, 100), (8, 240));
        Assert.Equal(180, costs.Typical(5), 0.5);
        Assert.Equal(480, costs.Typical(16), 0.5); // beyond: as if nothing were saved
        Assert.Equal(0, new ServiceTime().Typical(3));
        Assert.Equal(240, Learned((8, 240)).Typical(2), 0.5); // below what is known: no more than that
    }

    [Fact]
    public void Hoped_BeyondWhatIsKnownWell_IsNoMoreThanThat()
    {
        var costs = Learned((1, 100), (8, 240));
        costs.Add(12, 9000);
        Assert.Equal((240, 240), (Math.Round(costs.Hoped(12)), Math.Round(costs.Hoped(16))));
        Assert.Equal(180, costs.Hoped(5), 0.5);
    }

    [Fact]
    public void Hoped_OneRunStalled_SpeaksNotAgainstItsSize()
    {
        var costs = Learned((1, 100), (8, 240));
        costs.Add(8, 5000);
        Assert.InRange(costs.Hoped(8), 240, 260);
    }

    [Fact]
    public void Hoped_AllGetsSlower_SizesThatAreNotRunAsWell()
    {
        var costs = Learned((8, 240), (1, 100));
        for (int i = 0; i < 50; i++) costs.Add(1, 200);
        Assert.Equal((2, 2), (Math.Round(costs.Hoped(1) / 100, 2), Math.Round(costs.Hoped(8) / 240, 2)));
        for (int i = 0; i < 50; i++) costs.Add(1, 100);
        Assert.Equal(240, costs.Hoped(8), 1.0);
    }

    [Fact]
    public void Typical_HugeRequests_HaveAPlaceToo()
    {
        var costs = Learned((1, 100), (100_000, 900_000));
        Assert.Equal(900_000, costs.Typical(100_000), 1);
        Assert.True(costs.Typical(int.MaxValue) > 0);
    }

    private static ServiceTime Learned(params (int Rows, long Duration)[] runs)
    {
        var costs = new ServiceTime();
        foreach (var (rows, duration) in runs)
            for (int i = 0; i < 50; i++) costs.Add(rows, duration);
        return costs;
    }
}
