using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>High priority at a moderate rate beside a flood of low priority, where a server helps.</summary>
internal static class OffloadPriority
{
    private const double DeviceCores = 0.25, ServerCores = 0.75, Moderate = 0.25, Flood = 12, DeadlineInServices = 20;
    private const int Clients = 4;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15), Glimpse = TimeSpan.FromSeconds(1);

    public static async Task MeasureAsync(BenchRun run)
    {
        Workload[] steady = [Workload.Steady(run)];
        await using var site = await OffloadSite.OpenAsync(run, "flood");
        var server = await site.StartServerAsync("srv-1", steady, ServerCores);
        await using var device = await site.StartDeviceAsync(steady, DeviceCores);
        await using var many = await LoadCrew.ConnectAsync("low", site.Port, Clients);
        await using var one = await LoadCrew.ConnectAsync("high", site.Port, 1);
        var stream = new LoadStream(device, steady[0].Bundle.Model, steady[0].Requests) { Qos = MqttQos.AtMostOnce };
        var capacity = await Capacity.FindAsync(run, many, stream);
        stream = stream with { Deadline = TimeSpan.FromSeconds(DeadlineInServices / capacity) };
        var duration = run.Smoke ? Glimpse : Duration;
        var low = many.SendAsync(stream with { Priority = 0, PerSecond = Flood * capacity }, duration);
        var high = await one.SendAsync(stream with { Priority = 9, PerSecond = Moderate * capacity, Seed = 2 }, duration);
        run.Report.Add(new Figure("offload-priority-in-deadline", 100.0 * high.InTime / high.Count, "%")
        {
            Goal = Goal.NoLessThan(99.9),
            Samples = high.Count,
            Note = $"priority 9 at {100 * Moderate:0} % of the capacity of both beside priority 0 at {Flood}x: p50 {high.Latency.Median:0.0} ms, p99 {high.Latency.P99:0.0} ms; {high.Statuses()}; of low priority {(await low).Statuses()}; capacity {capacity:0}/s",
        });
        await device.StopAsync();
        await OffloadSite.StopAsync(server);
    }
}
