using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>From exec of <c>edge-runtime run</c> to its retained state <c>online</c> at a subscriber, the model specialised.</summary>
internal static class ReadyOnBroker
{
    private const int RoundCount = 11;

    public static async Task MeasureAsync(BenchRun run, BenchSite site, DeviceFolder folder, SignedBundle bundle)
    {
        run.Says("ready on the broker");
        await using (var first = RunningDevice.Start(folder, bundle))
        {
            await first.SpecialisedAsync();
            await first.StopAsync();
        }
        var times = await Rounds.RunAsync(run.Rounds(RoundCount), () => StartAsync(site, folder, bundle));
        run.Report.Add(new Figure("ready-on-broker-ms", Median.Of(times[0]), "ms") { Samples = times[0].Length, Note = "exec to the retained state online at a subscriber; mosquitto on loopback" });
    }

    private static async Task<double> StartAsync(BenchSite site, DeviceFolder folder, SignedBundle bundle)
    {
        await using var device = RunningDevice.Start(folder, bundle);
        var online = await site.Client.OnlineAsync(device);
        await device.StopAsync();
        return TimeProvider.System.GetElapsedTime(device.Started, online).TotalMilliseconds;
    }
}
