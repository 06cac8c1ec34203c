using EdgeRuntime.Device.Degradation;
using EdgeRuntime.TestKit.Kernels;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

/// <summary>A simulated device that warms up with its rung, seen through a fake tree of thermal zones.</summary>
public sealed class SlowLoopHeatTests
{
    private const double Limit = 97; // the passive trip point of tj-thermal
    private const int Dwell = 10;

    private static readonly RungMemory Ladder = new(0, 0, 0);

    [Theory]
    [InlineData(15, 1)]
    [InlineData(30, 250)]
    [InlineData(30, 1000)]
    [InlineData(120, 1000)]
    public void Look_ThermalRamp_CapMovesBeforeTheThrottlePointAndDoesNotFlap(double timeConstant, int stepMillidegrees)
    {
        using var tree = KernelTrees.Jetson();
        using var loop = Watch(tree);
        var device = new WarmDevice(tree, loop, timeConstant, stepMillidegrees);
        for (var second = 0; second < 1200; second++) device.Pass(ambient: second < 900 ? 35 + Math.Min(30, second / 4.0) : 30);
        Assert.InRange(device.Hottest, 90, Limit - 2);
        var raises = loop.Moves.Where(move => move.To < move.From).ToList();
        Assert.All(raises.Zip(raises.Skip(1)), pair => Assert.InRange(pair.Second.Second - pair.First.Second, Dwell, int.MaxValue));
        // For ten minutes it is too warm for anything but the smallest rung: a better one is tried every five or six of them, not every dwell.
        Assert.InRange(loop.Moves.Count, 2, 12);
        Assert.Equal((0, Condition.Normal), (loop.Report.Cap, loop.Report.State));
    }

    [Fact]
    public void Look_NearsTheLimit_SaysZoneValueAndLimit()
    {
        using var tree = KernelTrees.Jetson().Zone(3, "tj-thermal", 96_400);
        using var loop = Watch(tree);
        var report = loop.Pass(1);
        Assert.Equal((1, "heat: tj-thermal is at 96.4 C, near its limit of 97 C"), (report.Cap, report.Reason));
        Assert.Equal(96.4, report.Readings.Heat?.Celsius);
    }

    [Fact]
    public void Look_StaysTooHotAtTheSmallestRung_Sheds()
    {
        using var tree = KernelTrees.Jetson().Zone(3, "tj-thermal", 99_000);
        using var loop = Watch(tree);
        Assert.Equal(Condition.Shedding, loop.Pass(20).State);
        Assert.Equal([Condition.Capped, Condition.Smallest, Condition.Shedding], loop.Changes.Select(change => change.State));
    }

    [Fact]
    public void Look_SensorIsLostWhileCapped_BetterRungsComeBackOneByOne()
    {
        using var tree = KernelTrees.Jetson().Zone(3, "tj-thermal", 99_000);
        using var loop = Watch(tree);
        Assert.Equal(2, loop.Pass(10).Cap);
        foreach (var zone in new[] { 0, 1, 2, 3 }) tree.With($"sys/class/thermal/thermal_zone{zone}/temp", "");
        Assert.Equal(1, loop.Pass(Dwell + 1).Cap);
        Assert.Equal(0, loop.Pass(Dwell).Cap);
    }

    private static WatchedLoop Watch(KernelTree tree) => new(tree, Ladder, settings => settings with { TargetZones = ["cpu-thermal", "gpu-thermal", "tj-thermal"] });

    private sealed class WarmDevice(KernelTree tree, WatchedLoop loop, double timeConstant, int stepMillidegrees)
    {
        private static readonly double[] Rise = [48, 36, 22];

        private double _celsius = 60;

        public double Hottest { get; private set; }

        public void Pass(double ambient)
        {
            _celsius += (ambient + Rise[loop.Report.Cap] - _celsius) * (1 - Math.Exp(-1 / timeConstant));
            Hottest = Math.Max(Hottest, _celsius);
            tree.Zone(3, "tj-thermal", (long)(1000 * _celsius) / stepMillidegrees * stepMillidegrees);
            loop.Pass(1);
        }
    }
}
