using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Degradation;

public sealed class BreakerTests
{
    [Fact]
    public void Failed_OpensAtOnce_AndLetsOneThroughLater()
    {
        var breaker = new Breaker(new Random(1));
        Assert.True(breaker.Allows(0));
        breaker.Failed(0);
        Assert.False(breaker.Allows(0.3));
        Assert.True(breaker.Allows(0.7));
        breaker.Sent();
        Assert.False(breaker.Allows(0.7));
        breaker.Succeeded();
        Assert.True(breaker.Allows(0.7));
        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void Failed_ProbesFail_ThePauseDoublesUpToHalfAMinute()
    {
        var breaker = new Breaker(new Random(2));
        double now = 0;
        var pauses = new List<double>();
        breaker.Failed(now);
        for (var probe = 0; probe < 12; probe++)
        {
            double from = now;
            while (!breaker.Allows(now)) now += 0.01;
            pauses.Add(now - from);
            breaker.Sent();
            breaker.Failed(now);
        }
        Assert.InRange(pauses[0], 0.37, 0.64);
        Assert.InRange(pauses[3], 2.9, 5.1);
        Assert.All(pauses, pause => Assert.True(pause < 38));
        Assert.True(pauses[^1] > 22);
    }

    [Fact]
    public void Failed_ServerNamesATime_ItIsKept()
    {
        var breaker = new Breaker(new Random(3));
        breaker.Failed(10, retryAfter: 5);
        Assert.False(breaker.Allows(14.9));
        Assert.True(breaker.Allows(15));
    }

    [Fact]
    public void Failed_ManyDevicesAtOnce_ComeBackApart()
    {
        var breakers = Enumerable.Range(0, 100).Select(seed => new Breaker(new Random(seed))).ToList();
        breakers.ForEach(breaker => breaker.Failed(0));
        var back = breakers.Select(breaker => Enumerable.Range(0, 100).First(tick => breaker.Allows(tick * 0.01))).ToList();
        Assert.True(back.Max() - back.Min() > 15, $"{back.Min()} to {back.Max()}");
    }

    [Fact]
    public void GivenUp_ProbeSaidNothing_LetsAnotherThrough()
    {
        var breaker = new Breaker(new Random(1));
        breaker.Failed(0);
        breaker.Sent();
        Assert.False(breaker.Allows(100));
        breaker.GivenUp();
        Assert.True(breaker.Allows(100));
        Assert.True(breaker.IsOpen);
    }
}
