using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>What the runtime takes before it serves anything: disk, and memory when it is connected and idle.</summary>
internal static class Footprint
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    public static async Task MeasureAsync(BenchRun run, BenchSite site, DeviceFolder folder)
    {
        run.Says("idle without a model");
        var program = RepositoryPaths.Program("edge-runtime");
        run.Report.Add(new Figure("executable-mb", new FileInfo(program).Length / ProcessMemory.Megabyte, "MB") { Goal = Goal.AtMost(15), Note = "without libonnxruntime.so" });
        await using var device = RunningDevice.Start(folder, null);
        await site.Client.OnlineAsync(device);
        await Task.Delay(Settled);
        var memory = ProcessMemory.Of(device.ProcessId);
        run.Report.Add(new Figure("idle-rss-mb", memory.Resident / ProcessMemory.Megabyte, "MB")
        {
            Goal = Goal.AtMost(40),
            Note = $"{memory.Anonymous / ProcessMemory.Megabyte:0.0} MB of it anonymous",
        });
        await device.StopAsync();
    }
}
