using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>What the configuration says of a model's scheduling, read again while it serves; seen in its gauges.</summary>
public sealed class SettingsReloadTests
{
    private const string Model = "net";
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 2], 0.5f, -1);

    [Fact]
    public async Task Reload_BatchTargetAndWeightDiffer_AreInForceAndTheSameModelServesOn()
    {
        await using var device = await new TestDevice().With(Model, TestModels.Identity()).StartAsync();
        var served = device.Host.Catalog.Model(Model);
        Assert.Equal(8, Limit(device));
        var before = device.Settings().Models[0];
        device.Without(Model);
        device.With(before with { BatchMost = 3, Weight = 7, LatencyTarget = TimeSpan.FromMilliseconds(5), Pinned = true });
        await device.ReloadAsync();
        Assert.Same(served, device.Host.Catalog.Model(Model));
        Assert.Equal(3, Limit(device));
        Assert.Equal("OK", (await device.AskAsync(Model, Request)).Status);
        device.Without(Model);
        device.With(before with { Threads = 1 });
        await device.ReloadAsync();
        Assert.NotSame(served, device.Host.Catalog.Model(Model));
        Assert.Equal(3, Limit(device)); // it grows from there as it finds that larger ones pay
    }

    [Fact]
    public async Task Reload_ModelWithoutBatchAxisGivesWayToOneWithIt_BatchesAgain()
    {
        await using var device = await new TestDevice().With(Model, TestModels.Identity(1, 1, 2)).StartAsync();
        Assert.Equal("OK", (await device.AskAsync(Model, Request)).Status);
        Assert.Equal(1, Limit(device));
        device.Renew(Model, TestModels.Identity(), (_, manifest) => manifest with { Version = "2", Sequence = 2 });
        await device.ReloadAsync();
        Assert.Equal("OK", (await device.AskAsync(Model, Request)).Status);
        Assert.Equal(8, Limit(device));
        device.Renew(Model, TestModels.Identity(1, 1, 2), (_, manifest) => manifest with { Version = "3", Sequence = 3 });
        await device.ReloadAsync();
        Assert.Equal(1, Limit(device));
    }

    [Fact]
    public async Task Gauges_ModelThatServesAndNoMore_TellWhatItTakes()
    {
        await using var device = await new TestDevice().With("slow", TestModels.Slow(size: 128, steps: 2000)).StartAsync();
        var gauges = device.Metrics.Model("slow").Versions[0].Gauges;
        Assert.Equal(0, gauges.InFlight!());
        Assert.Equal(device.Host.Catalog.Model("slow")!.Memory.Bytes, gauges.LoadedBytes!());
        Assert.NotEqual(0, gauges.LoadedBytes!());
        device.Send("slow", TestRequest.Floats("x", [128, 128], new float[128 * 128]));
        Assert.True(SpinWait.SpinUntil(() => gauges.InFlight!() == 1, TimeSpan.FromSeconds(30)), "it was never in flight");
        Assert.True(SpinWait.SpinUntil(() => gauges.InFlight!() == 0, TimeSpan.FromSeconds(30)), "it never ended");
        await device.Host.Catalog.UnloadAsync("slow", null, TestContext.Current.CancellationToken);
        Assert.Equal(0, gauges.LoadedBytes!());
    }

    private static long Limit(TestDevice device) => Gauges(device).ConcurrencyLimit!();

    private static ModelGauges Gauges(TestDevice device) => device.Metrics.Model(Model).Versions[0].Gauges;
}
