using EdgeRuntime.Serving.Degradation;
using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>A ladder of two rungs, in milliseconds: the best one takes 100, the other 10.</summary>
public sealed class RungForecastTests
{
    private const long Second = 1000;
    private const double Lower = 0.9;
    private static readonly RungFacts Best = new("fp32", 1, 0.2), Fast = new("int8", Lower, 0.02); // twice of what it takes here: only their ratio counts

    [Fact]
    public void Choose_NothingWaits_TheBestOne() => Assert.Equal(0, Learned().Choose([], Run(), 1, left: 1));

    [Fact]
    public void Choose_TimeIsShort_TheOneThatMakesIt() => Assert.Equal(1, Learned().Choose([], Run(), 1, left: 0.05));

    [Fact]
    public void Choose_OthersWouldBeLate_TheOneThatKeepsTheirPromises() => Assert.Equal(1, Learned().Choose([new Promise(0.105, 0.01)], Run(), 1, left: 1));

    [Fact]
    public void Choose_ScheduleIsAQuarterFull_TheShortest() =>
        Assert.Equal(1, Learned().Choose([.. Enumerable.Range(0, 30).Select(_ => new Promise(1, 0.01))], Run(), 1, left: 1));

    [Fact]
    public void Choose_FloorAboveTheFastOne_TheBestWhateverWaits() => Assert.Equal(0, Learned().Choose([new Promise(0.05, 0.01)], Run(floor: 0.95), 1, left: 0.05));

    [Fact]
    public void Choose_CapLowered_NoneAboveItButForAFloorThatWasAccepted()
    {
        Assert.Equal(1, Learned().Choose([], Run(cap: 1), 1, left: 1));
        Assert.Equal(0, Learned().Choose([], Run(floor: 0.95, cap: 1), 1, left: 1));
    }

    [Fact]
    public void Choose_OneIsClosed_TheOtherWhereItsFloorAllows()
    {
        var forecast = Learned();
        forecast.Open(1);
        Assert.Equal(1, forecast.Choose([], Run(), 1, left: 1));
        Assert.Equal(-1, forecast.Choose([], Run(floor: 0.95), 1, left: 1));
    }

    [Fact]
    public void Choose_NothingWasRun_ByTheBundlesOwnFigures()
    {
        var forecast = Ladder();
        Assert.Equal((0, 1), (forecast.Choose([], Run(), 1, left: 1), forecast.Choose([], Run(), 1, left: 0.1)));
    }

    [Fact]
    public void Choose_OthersWaitAndTheFastOneWasNeverRun_ItIsTriedAtOnce()
    {
        var forecast = Ladder();
        Run(forecast, rung: 0, takes: 100, times: 40);
        var calm = new Promise(100, 0.01);
        Assert.Equal((0, 1, 0), (forecast.Choose([], Run(), 1, left: 100), forecast.Choose([calm], Run(), 1, left: 100), forecast.Choose([calm], Run(floor: 0.95), 1, left: 100)));
        Run(forecast, rung: 1, takes: 10, times: 3);
        Assert.Equal(0, forecast.Choose([calm], Run(), 1, left: 100));
    }

    [Fact]
    public void Completion_MixedFloors_EachIsCountedAtTheShortestThatItAllows()
    {
        var forecast = Learned();
        Assert.InRange(forecast.Completion(0, ahead: 9), 100, 115);
        Assert.InRange(forecast.Completion(0, [2, 0]), 200, 220);
        Assert.InRange(forecast.Completion(0, [1, 5]), 150, 170);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 0), 100, 101);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 9, 11);
    }

    [Fact]
    public void Completion_OneRungWasNeverRun_IsReadOffTheOther()
    {
        var forecast = Ladder();
        Run(forecast, rung: 0, takes: 100, times: 40);
        Assert.InRange(forecast.Completion(0, ahead: 9), 100, 115);
    }

    [Fact]
    public void Completion_OneRungWasNeverRun_TakesAsLongBesideItsModelAsTheOther()
    {
        var forecast = Ladder();
        Run(forecast, rung: 0, takes: 100, times: 40, computed: 50);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 54, 56);
    }

    [Fact]
    public void Completion_FirstRunWasColdBesideItsModel_SaysNothingOfTheOthers()
    {
        var forecast = Ladder();
        Run(forecast, rung: 0, takes: 1000, times: 1, computed: 100);
        Run(forecast, rung: 0, takes: 100, times: 3, computed: 99);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 10, 12);
    }

    [Fact]
    public void Completion_DeviceSlowedUnderOneRung_CountsForTheOtherToo()
    {
        var forecast = Learned();
        Run(forecast, rung: 0, takes: 300, times: 8);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 25, 35);
        Run(forecast, rung: 0, takes: 100, times: 8);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 9, 12);
    }

    [Fact]
    public void Foresee_EmptyAndFull_TheBestIsWorthMoreUntilTimeIsDear()
    {
        var forecast = Learned();
        Assert.Equal(new Foresight(true, 1, Lower), forecast.Foresee(0, Run()));
        var (_, best, least) = forecast.Foresee(1, Run());
        Assert.Equal(best, least); // the shortest is the best trade
        Assert.InRange(best, 0.85, 0.86); // a second costs four times the step of 0.1 for 0.09 s
        Assert.Equal((Lower, Lower), Worth(forecast.Foresee(0, Run(cap: 1))));
        Assert.Equal((1, 1), Worth(forecast.Foresee(0, Run(floor: 0.95, cap: 1))));
    }

    [Fact]
    public void Completion_FirstRunOfTheFastOneWasSlow_ItIsNotHeldAgainstIt()
    {
        var forecast = Ladder();
        Run(forecast, rung: 0, takes: 100, times: 40);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 9, 11);
        Run(forecast, rung: 1, takes: 60, times: 1);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 9, 11);
        Run(forecast, rung: 1, takes: 60, times: 2);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 59, 61); // it is slow
    }

    [Fact]
    public void Foresee_OneRung_AFullScheduleIsWorthNothing()
    {
        var forecast = Learned();
        forecast.Open(1);
        Assert.Equal((Lower, Lower), Worth(forecast.Foresee(0, Run())));
        Assert.Equal((0, 0), Worth(forecast.Foresee(0.25, Run())));
        Assert.False(forecast.Foresee(0, Run(floor: 0.95)).IsAdmitted);
    }

    [Fact]
    public void Choose_AsMuchIsAskedForAsCanBeDone_TheShortestThoughNothingWaits()
    {
        var forecast = Learned();
        long now = 0;
        for (; now < 10 * Second; now += 10) forecast.Offered(now, last: 1);
        Assert.Equal(1, forecast.Choose([], Run(), 1, left: 1, now));
        Assert.Equal(0, forecast.Choose([], Run(), 1, left: 1, now + (10 * Second)));
    }

    [Fact]
    public void ChooseRung_SomebodyObserves_IsToldAllThatItWasChosenBy()
    {
        var queue = new RequestQueue<string>(1000, Learned());
        for (int i = 0; i < 40; i++) queue.TryAdd($"{i}", new QueueStanding(4, Rung: 1), due: 1000, latest: 1000, now: 0, out _);
        var seen = new List<RungDecision>();
        Assert.Equal(1, queue.ChooseRung(new RunAhead(1000, 0, 0), now: 0, seen.Add));
        var decision = Assert.Single(seen);
        Assert.Equal(["fp32", "int8"], decision.Ids);
        Assert.Equal((40, 1, 1), (decision.Waiting.Count, decision.Chosen, decision.Decide()));
    }

    private static (double, double) Worth(Foresight foresight) => (Math.Round(foresight.Worth, 6), Math.Round(foresight.LeastWorth, 6));

    [Fact]
    public void Renew_OtherLadder_KeepsWhatIsKnownOfRungsOfTheSameName()
    {
        var forecast = Learned();
        forecast.Renew([Fast, new RungFacts("int4", 0.8, 0.01)], isBatchable: true);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 0), 10, 11);
        forecast.Open(0, 1);
        Assert.InRange(forecast.CompletionOfFirst(0, last: 1), 5, 6);
    }

    [Fact]
    public void ChooseRung_ManyWait_LooksAtTheFirstOfThem()
    {
        var queue = new RequestQueue<string>(1000, Learned());
        Assert.Equal(0, queue.ChooseRung(new RunAhead(1000, 0, 0), now: 0));
        for (int i = 0; i < 40; i++) Assert.True(queue.TryAdd($"{i}", new QueueStanding(4, Rung: 1), due: 1000, latest: 1000, now: 0, out _).IsAdmitted);
        Assert.Equal(1, queue.ChooseRung(new RunAhead(1000, 0, 0), now: 0));
    }

    private static RunAhead Run(double floor = 0, int cap = 0) => new(0, floor, cap);

    private static LaneForecast Ladder()
    {
        var forecast = new LaneForecast(Second);
        forecast.Renew([Best, Fast], isBatchable: true);
        forecast.Open(0, 1);
        return forecast;
    }

    private static LaneForecast Learned()
    {
        var forecast = Ladder();
        Run(forecast, rung: 0, takes: 100, times: 60);
        Run(forecast, rung: 1, takes: 10, times: 60);
        return forecast;
    }

    private static void Run(LaneForecast forecast, int rung, int takes, int times, long? computed = null)
    {
        for (int i = 0; i < times; i++)
        {
            forecast.Started(-takes, 1, rung);
            forecast.Ended(new CompletedRun(0, 1, 1, 1, computed));
        }
    }
}
