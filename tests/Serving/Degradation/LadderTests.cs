using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Degradation;

public sealed class LadderTests
{
    private const double Caution = 3;
    private static readonly Ladder Ladder = new([new Rung(1, 0.040), new Rung(0.985, 0.022), new Rung(0.95, 0.012)]);

    [Fact]
    public void Choose_NobodyWaits_TakesTheBest() => Assert.Equal(0, Choose([], left: 1));

    [Fact]
    public void Choose_MoreWait_TakesShorterRuns()
    {
        var rungs = Enumerable.Range(0, 25).Select(count => Choose([.. Enumerable.Repeat(new Promise(0.36, 0.012), count)], left: 0.3)).ToList();
        Assert.Equal(rungs.Order(), rungs);
        Assert.Equal([0, 1, 2], rungs.Distinct());
    }

    [Fact]
    public void Choose_BestWouldMakeAnotherLate_TakesOneThatDoesNot() => Assert.Equal(2, Choose([new Promise(0.032, 0.012)], left: 1));

    [Fact]
    public void Choose_OwnDeadlineIsNear_TakesWhatEndsInTime() => Assert.Equal(1, Choose([], left: 0.03));

    [Fact]
    public void Choose_NothingIsSafeAnyMore_TakesTheShortest() => Assert.Equal(2, Choose([], left: 0.011));

    [Theory]
    [InlineData(0.97, 1)]
    [InlineData(0.99, 0)]
    [InlineData(1.1, -1)]
    public void Choose_Floor_IsMetOrNothingTaken(double floor, int rung) =>
        Assert.Equal(rung, Ladder.Choose(new Schedule(Enumerable.Repeat(new Promise(0.3, 0.012), 20).ToArray(), 0, Pace.AsExpected, Caution), 0.3, 0, floor));

    [Fact]
    public void Choose_Capped_TakesNoneAboveIt() => Assert.Equal(1, Ladder.Choose(new Schedule([], 0, Pace.AsExpected, Caution), 1, 1, 0));

    [Fact]
    public void Shortest_WorseRungIsSlower_IsNotTheLast() => Assert.Equal(1, new Ladder([new Rung(1, 0.04), new Rung(0.9, 0.01), new Rung(0.8, 0.03)]).Shortest(0, 0));

    private static int Choose(Promise[] promises, double left) => Ladder.Choose(new Schedule(promises, 0, Pace.AsExpected, Caution), left, 0, 0);
}
