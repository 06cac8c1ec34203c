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
