using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>High priority at a moderate rate beside a flood of low priority, where a server helps.</summary>
internal static class OffloadPriority
{
    private const double DeviceCores = 0.25, ServerCores = 0.75;

    public static async Task MeasureAsync(BenchRun run)
    {
        Workload[] steady = [Workload.Steady(run)];
        await using var site = await OffloadSite.OpenAsync(run, "flood");
        var server = await site.StartServerAsync("srv-1", steady, ServerCores);
        await using var device = await site.StartDeviceAsync(steady, DeviceCores);
        var stream = new LoadStream(device, steady[0].Bundle.Model, steady[0].Requests) { Qos = MqttQos.AtMostOnce };
        await Priority.FloodAsync(run, site.Port, stream, $"device at {DeviceCores} of a core, server at {ServerCores}");
        await device.StopAsync();
        await OffloadSite.StopAsync(server);
    }
}
