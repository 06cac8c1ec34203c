using EdgeRuntime.Benchmarks.Device;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>How soon the runtime answers, how large it is, and whether what it answers is right.</summary>
internal static class StartupBench
{
    public static async Task RunAsync(BenchRun run)
    {
        var text = await TextModel.MakeAsync(run);
        await FirstAnswer.MeasureAsync(run, text);
        await using var site = await BenchSite.OpenAsync();
        var folder = new DeviceFolder(Path.Combine(run.Scratch, "device"), site.Port);
        await ReadyOnBroker.MeasureAsync(run, site, folder, text.Signed);
        await Footprint.MeasureAsync(run, site, folder);
        await TextLoss.MeasureAsync(run, site, folder, text.Signed);
    }
}
