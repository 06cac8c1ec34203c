using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class LatencyWatchTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Look_ModelsWithTargets_TheWorstThatHasASmallerRung()
    {
        await using var device = new TestDevice();
        device.With(Asked(device, "two", target: 10, rungs: 2)).With(Asked(device, "calm", target: 100, rungs: 2)).With(Asked(device, "one", target: 1, rungs: 1)).With(Asked(device, "free", target: null, rungs: 2));
        await device.StartAsync();
        var watch = new LatencyWatch(device.Host.Lanes, device.Metrics, _time);
        foreach (string model in new[] { "two", "calm", "one", "free" }) Answer(device.Metrics, model, 50, milliseconds: 20);
        Assert.Null(watch.Look()); // the time is not over
        _time.Advance(TimeSpan.FromSeconds(5));
        var standing = watch.Look();
        Assert.Equal(("two", 10), (standing?.Model, standing?.Target.TotalMilliseconds));
        Assert.InRange(standing!.Value.P95.TotalMilliseconds, 15, 25);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(watch.Look()); // nothing was asked since
    }

    [Fact]
    public async Task Look_FewAnswersOrOnesOfAServer_SayNothing()
    {
        await using var device = new TestDevice();
        device.With(Asked(device, "two", target: 10, rungs: 2));
        await device.StartAsync();
        var watch = new LatencyWatch(device.Host.Lanes, device.Metrics, _time);
        Answer(device.Metrics, "two", 19, milliseconds: 20);
        Answer(device.Metrics, "two", 100, milliseconds: 20, route: "offload");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(watch.Look());
    }

    private static ModelSettings Asked(TestDevice device, string name, int? target, int rungs) => new()
    {
        Name = name,
        Source = device.Bundles.Make(name, TestModels.Mlp(4, 64), ThisMachine.TargetName, rungs == 2 ? TestLadder.With(TestModels.Mlp(4, 8)) : null),
        LatencyTarget = target is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
    };

    private static void Answer(DeviceMetrics metrics, string model, int count, int milliseconds, string route = "local")
    {
        var (series, took) = (metrics.Model(model).Series("fp32", route), TimeSpan.FromMilliseconds(milliseconds));
        for (int i = 0; i < count; i++) series.Request(RefusalReason.None, TimeSpan.Zero, took, took);
    }
}
