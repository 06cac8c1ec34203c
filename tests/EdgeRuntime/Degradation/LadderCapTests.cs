using EdgeRuntime.Device.Degradation;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class LadderCapTests
{
    [Fact]
    public void Raise_WithinTheDwell_DoesNothing()
    {
        var cap = new LadderCap(3, dwell: 10);
        cap.Require(2, 0);
        cap.Raise(9.9);
        Assert.Equal(2, cap.Value);
        cap.Raise(10);
        cap.Raise(11);
        Assert.Equal(1, cap.Value);
    }

    [Fact]
    public void Lower_AtTheLastRung_StaysThere()
    {
        var cap = new LadderCap(3, dwell: 10);
        for (var second = 0; second < 10; second++) cap.Lower(second, pause: 1);
        Assert.Equal(2, cap.Value);
    }

    [Fact]
    public void Raise_TakenBackSoon_WaitsTwiceAsLongUpToItsPatience()
    {
        var cap = new LadderCap(2, dwell: 10, patience: 4);
        double now = 0;
        var waits = new List<double>();
        for (var round = 0; round < 4; round++)
        {
            cap.Require(1, now);
            double dropped = now;
            while (cap.Value > 0) cap.Raise(++now);
            waits.Add(now++ - dropped);
        }
        Assert.Equal([10, 20, 40, 40], waits);
    }

    [Fact]
    public void Raise_LastOneHeld_WaitsForTheDwellAlone()
    {
        var cap = new LadderCap(2, dwell: 10, patience: 4);
        cap.Require(1, 0);
        cap.Raise(10);
        cap.Require(1, 11); // taken back: twenty from now on
        cap.Raise(31);
        cap.Require(1, 500);
        cap.Raise(510);
        Assert.Equal(0, cap.Value);
    }

    [Fact]
    public void Raise_NotWellSince_WaitsAnew()
    {
        var cap = new LadderCap(2, dwell: 10);
        cap.Require(1, 0);
        cap.Hold(9);
        cap.Raise(18);
        Assert.Equal(1, cap.Value);
        cap.Raise(19);
        Assert.Equal(0, cap.Value);
    }

    [Fact]
    public void Fit_ShorterLadder_CapStaysOnIt()
    {
        var cap = new LadderCap(4, dwell: 10);
        cap.Require(3, 0);
        cap.Fit(2);
        Assert.Equal((1, true), (cap.Value, cap.IsLast));
        cap.Fit(4);
        Assert.False(cap.IsLast);
    }

    [Fact]
    public void Look_DeviceHeatsUp_IsCappedBeforeTheLimitAndFreedLater()
    {
        var cap = new LadderCap(3, dwell: 10);
        var watch = new HeatWatch(95, cap);
        var (celsius, hottest, changes, before) = (60.0, 0.0, 0, 0);
        double[] rise = [50, 38, 24];
        for (var second = 0; second < 600; second++)
        {
            double ambient = second is > 60 and < 300 ? 60 : 35;
            celsius += (ambient + rise[cap.Value] - celsius) / 30;
            hottest = Math.Max(hottest, celsius);
            watch.Look(celsius, second);
            if (cap.Value != before) changes++;
            before = cap.Value;
        }
        Assert.True(hottest < 95, $"{hottest:f1}");
        Assert.Equal(0, cap.Value);
        Assert.InRange(changes, 2, 30);
    }
}
