using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Memory;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class SlowLoopTests
{
    private const int Dwell = 10;
    private const int BytesPerLook = 512; // the report

    private static readonly RungMemory Ladder = new(0, 0, 0, 0, 0);

    [Fact]
    public void Look_AllIsWell_IsNormalAndTellsNobody()
    {
        using var tree = KernelTrees.X86();
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(("normal", 0, ""), (loop.Pass(100).StateName, loop.Report.Cap, loop.Report.Reason));
        Assert.Empty(loop.Changes);
    }

    [Fact]
    public void Look_NoSensorsAtAll_IsNormal()
    {
        using var tree = new KernelTree();
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal((Condition.Normal, default), (loop.Pass(100).State, loop.Report.Readings));
    }

    [Fact]
    public void Look_TwoRulesHold_EachLetsGoOfItsOwnAlone()
    {
        using var tree = KernelTrees.X86().With("sys/class/power_supply/AC/online", 0).With("sys/class/power_supply/BAT0/status", "Discharging\n").With("sys/class/power_supply/BAT0/capacity", 9);
        using var loop = new WatchedLoop(tree, Ladder, settings => settings with { ThrottleCelsius = 60 });
        Assert.Equal((3, "power: the battery is at 9 %, below the floor of 20 %"), (loop.Pass(1).Cap, loop.Report.Reason));
        tree.Zone(1, "x86_pkg_temp", 62_000);
        Assert.Equal((4, "heat: x86_pkg_temp is at 62 C, above its limit of 60 C"), (loop.Pass(12).Cap, loop.Report.Reason));
        tree.Zone(0, "acpitz", 30_000).Zone(1, "x86_pkg_temp", 30_000);
        loop.Pass(30);
        Assert.Equal((3, "power: the battery is at 9 %, below the floor of 20 %"), (loop.Pass(60).Cap, loop.Report.Reason));
    }

    [Theory]
    [InlineData(19, 1)]
    [InlineData(14, 2)]
    [InlineData(10, 2)]
    [InlineData(9, 3)]
    [InlineData(0, 4)]
    public void Look_BatteryBelowItsFloor_TheLowerTheSmaller(int percent, int cap)
    {
        using var tree = KernelTrees.X86().With("sys/class/power_supply/AC/online", 0).With("sys/class/power_supply/BAT0/status", "Discharging\n").With("sys/class/power_supply/BAT0/capacity", percent);
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(cap, loop.Pass(30).Cap);
        Assert.NotEqual(Condition.Shedding, loop.Report.State);
        tree.With("sys/class/power_supply/BAT0/status", "Charging\n");
        Assert.Equal(0, loop.Pass(cap * Dwell).Cap);
    }

    [Fact]
    public void Look_MorePowerThanItsLimit_TakesSmallerRungs()
    {
        using var tree = KernelTrees.Jetson();
        using var loop = new WatchedLoop(tree, Ladder, settings => settings with { PowerLimitWatts = 7, Kinds = SensorKinds.Power });
        Assert.Equal((1, "power: 7.5 W against the limit of 7 W"), (loop.Pass(2).Cap, loop.Report.Reason));
    }

    [Fact]
    public void Look_CoresAreThrottled_TakesASmallerRung()
    {
        using var tree = KernelTrees.X86();
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(0, loop.Pass(5).Cap); // what was before its time does not count
        tree.With("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", 5);
        Assert.Equal((1, "throttling: cores were throttled 3 times within a look, none should be, the fastest clock is at 50 %"), (loop.Pass(1).Cap, loop.Report.Reason));
        Assert.Equal(0, loop.Pass(Dwell + 1).Cap);
    }

    [Fact]
    public void Look_CoolingDeviceHoldsBackFromTheStart_IsAPowerModeAndNoThrottling()
    {
        using var tree = KernelTrees.Jetson().Cooling(1, "cpufreq-cpu0", 2);
        using var loop = new WatchedLoop(tree, Ladder, settings => settings with { Kinds = SensorKinds.Throttling });
        Assert.Equal(0, loop.Pass(20).Cap);
        tree.Cooling(1, "cpufreq-cpu0", 3);
        Assert.Equal((1, "throttling: cooling devices are at step 3, above 2, the fastest clock is at 100 %"), (loop.Pass(1).Cap, loop.Report.Reason));
    }

    [Fact]
    public void Look_AcceleratorFails_TakesASmallerRung()
    {
        long errors = 7;
        using var tree = new KernelTree();
        using var loop = new WatchedLoop(tree, Ladder, inputs: new SlowLoopInputs { Ladder = () => Ladder, AcceleratorErrors = () => errors });
        Assert.Equal(0, loop.Pass(3).Cap);
        errors += 2;
        Assert.Equal((1, "accelerator: it failed 2 runs within a look, none should fail"), (loop.Pass(1).Cap, loop.Report.Reason));
        Assert.Equal(0, loop.Pass(Dwell + 1).Cap);
    }

    [Fact]
    public void Look_P95AboveItsTarget_TakesSmallerRungsUntilItIsBelow()
    {
        using var tree = new KernelTree();
        WatchedLoop? watched = null;
        using var loop = watched = new WatchedLoop(tree, Ladder, inputs: new SlowLoopInputs { Ladder = () => Ladder, Latency = () => new("ocr", TimeSpan.FromMilliseconds(60 - (12 * watched!.Report.Cap)), TimeSpan.FromMilliseconds(40)) });
        Assert.Equal((1, "latency: p95 of model 'ocr' is 60 ms, against the target of 40 ms"), (loop.Pass(1).Cap, loop.Report.Reason));
        Assert.Equal(2, loop.Pass(60).Cap); // 36 ms: not enough below to try more
    }

    [Fact]
    public void Look_LadderGetsShorter_CapFollows()
    {
        var ladder = Ladder;
        using var tree = KernelTrees.Container(100, 90);
        using var loop = new WatchedLoop(tree, Ladder, inputs: new SlowLoopInputs { Ladder = () => ladder });
        Assert.Equal(4, loop.Pass(30).Cap);
        ladder = new RungMemory(0);
        Assert.Equal((0, Condition.Shedding), (loop.Pass(2).Cap, loop.Report.State));
        Assert.NotEqual("", loop.Report.Reason);
    }

    [Fact]
    public void Look_Change_IsToldOnceWithItsTime()
    {
        using var tree = KernelTrees.Container(100, 90);
        using var loop = new WatchedLoop(tree, new RungMemory(0, 0));
        loop.Pass(1);
        loop.Pass(2, () => tree.Limits("", $"{1 << 30}", 0));
        var told = Assert.Single(loop.Changes);
        Assert.Equal((told.Since, Condition.Smallest), (loop.Report.Since, told.State));
        Assert.Equal(TimeSpan.FromSeconds(2), loop.Report.At - told.At);
    }

    [Fact]
    public void Look_Warm_AllocatesTheReportAlone()
    {
        using var tree = KernelTrees.Jetson().Zone(3, "tj-thermal", 96_250);
        using var loop = new WatchedLoop(tree, Ladder, settings => settings with { TargetZones = ["tj-thermal"] });
        loop.Pass(50);
        Assert.InRange(Allocation.Least(() =>
        {
            for (var look = 0; look < 100; look++) loop.Loop.Look();
        }) / 100, 1, BytesPerLook);
    }

    [Fact(Timeout = 20_000)]
    public async Task RunAsync_LooksAtEveryIntervalUntilItIsStopped()
    {
        var time = new ManualTime();
        using var tree = KernelTrees.X86();
        using var sensors = new DeviceSensors(new SensorSettings { Root = tree.Root }, time);
        using var stop = new CancellationTokenSource();
        var loop = new SlowLoop(sensors, new SlowLoopInputs { Ladder = () => Ladder }, new SensorSettings { Root = tree.Root }, time, _ => { });
        var start = time.GetUtcNow();
        var running = loop.RunAsync(stop.Token);
        for (var second = 0; second < 5; second++)
        {
            Assert.Equal(start + TimeSpan.FromSeconds(second), loop.Report.At);
            Assert.Equal(TimeSpan.FromSeconds(1), await time.NextTimerAsync(TestContext.Current.CancellationToken));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
