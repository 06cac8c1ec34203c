using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>A client of high priority at a moderate rate, beside others of low priority that ask for 12 times what can be done.</summary>
internal static class Priority
{
    private const int Lowest = 0, Highest = 9, Clients = 4;
    private const double Moderate = 0.25, Flood = 12, DeadlineInServices = 20;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20), Glimpse = TimeSpan.FromSeconds(1), LeastDeadline = TimeSpan.FromMilliseconds(50);

    public static async Task MeasureAsync(BenchRun run)
    {
        var steady = Workload.Steady(run);
        await using var site = await LoadSite.OpenAsync(run, "priority");
        await using var device = await site.StartAsync(new DeviceConfig { Models = [new ServedBundle(steady.Bundle) { Threads = 1 }] });
        await FloodAsync(run, site.Port, new LoadStream(device, steady.Bundle.Model, steady.Requests), site.Cores);
        await device.StopAsync();
    }

    /// <summary>Floods a device by requests of low priority, and reports those of high priority that are in time.</summary>
    /// <param name="run">The bench.</param>
    /// <param name="port">The broker's.</param>
    /// <param name="stream">What is asked for.</param>
    /// <param name="setting">For the note.</param>
    public static async Task FloodAsync(BenchRun run, int port, LoadStream stream, string setting)
    {
        await using var many = await LoadCrew.ConnectAsync("low", port, Clients);
        await using var one = await LoadCrew.ConnectAsync("high", port, 1);
        var capacity = await Capacity.FindAsync(run, many, stream);
        var deadline = TimeSpan.FromSeconds(Math.Max(DeadlineInServices / capacity, LeastDeadline.TotalSeconds));
        var duration = run.Smoke ? Glimpse : Duration;
        var low = many.SendAsync(stream with { Priority = Lowest, PerSecond = Flood * capacity, Deadline = deadline, Qos = MqttQos.AtMostOnce }, duration);
        var high = await one.SendAsync(stream with { Priority = Highest, PerSecond = Moderate * capacity, Deadline = deadline, Seed = 2 }, duration);
        Report(run.Report, high, await low, $"{setting}; capacity {capacity:0}/s, deadline {deadline.TotalMilliseconds:0} ms");
    }

    private static void Report(BenchReport report, LoadResult high, LoadResult low, string setting) =>
        report.Add(new Figure("priority-in-deadline", 100.0 * high.InTime / high.Count, "%")
        {
            Goal = Goal.NoLessThan(99.9),
            Samples = high.Count,
            Note = $"priority {Highest} at {100 * Moderate:0} % of the capacity beside priority {Lowest} at {Flood}x: "
                + $"p50 {high.Latency.Median:0.0} ms, p99 {high.Latency.P99:0.0} ms; {high.Statuses()}; of low priority {low.Statuses()}; {setting}",
        });
}
