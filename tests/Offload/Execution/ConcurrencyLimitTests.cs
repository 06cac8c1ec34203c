using EdgeRuntime.Offload.Execution;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Execution;

public sealed class ConcurrencyLimitTests
{
    private const double Least = 0.010;

    [Fact]
    public void Answered_ClusterWithSoManyPlaces_SettlesAboutThem()
    {
        var limit = new ConcurrencyLimit(256);
        for (int call = 0; call < 2000; call++) limit.Answered(Taking(limit.Value, places: 20), limit.Value, call * 0.001);
        Assert.InRange(limit.Value, 20, 60); // all places, and a queue that calls bear
    }

    [Fact]
    public void Answered_ClusterLosesPlaces_FollowsIt()
    {
        var limit = new ConcurrencyLimit(256);
        for (int call = 0; call < 2000; call++) limit.Answered(Taking(limit.Value, places: 40), limit.Value, call * 0.001);
        int before = limit.Value;
        for (int call = 2000; call < 4000; call++) limit.Answered(Taking(limit.Value, places: 4), limit.Value, call * 0.001);
        Assert.InRange(limit.Value, 4, before / 2);
    }

    [Fact]
    public void Answered_FewUnderWay_StaysAsItIs()
    {
        var limit = new ConcurrencyLimit(256);
        int before = limit.Value;
        for (int call = 0; call < 1000; call++) limit.Answered(Least, 1, call * 0.001);
        Assert.Equal(before, limit.Value);
    }

    [Fact]
    public void Answered_AlwaysAtOnce_StaysBelowTheMost()
    {
        var limit = new ConcurrencyLimit(10);
        for (int call = 0; call < 1000; call++) limit.Answered(Least, limit.Value, call * 0.001);
        Assert.Equal(10, limit.Value);
    }

    [Fact]
    public void Lost_ManyTogether_CountOnceAndLeaveOneAtLeast()
    {
        var limit = new ConcurrencyLimit(64);
        for (int call = 0; call < 20; call++) limit.Lost(1, now: 5);
        Assert.Equal(3, limit.Value); // of four
        for (int call = 0; call < 100; call++) limit.Lost(1, 10 + (2 * call));
        Assert.Equal(1, limit.Value);
    }

    [Fact]
    public void Least_IsOld_IsForgotten()
    {
        var limit = new ConcurrencyLimit(64);
        limit.Answered(Least, 1, 0);
        limit.Answered(5 * Least, 1, 10);
        Assert.Equal(Least, limit.Least);
        limit.Answered(5 * Least, 1, 20);
        Assert.Equal(Least, limit.Least); // of the window before
        limit.Answered(5 * Least, 1, 40);
        limit.Answered(5 * Least, 1, 80);
        Assert.Equal(5 * Least, limit.Least);
    }

    private static double Taking(int underWay, int places) => Least * Math.Max(1, (double)underWay / places);
}
