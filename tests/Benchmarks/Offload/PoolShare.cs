using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>Two servers of a pool, one ten times slower than the other: what each is given. A shared subscription alone would give each a half.</summary>
internal static class PoolShare
{
    private const double Fast = 0.6, Slow = 0.06, Load = 0.6;
    private const int Clients = 4;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(12), Glimpse = TimeSpan.FromSeconds(2);

    public static async Task MeasureAsync(BenchRun run)
    {
        Workload[] steady = [Workload.Steady(run)];
        await using var site = await OffloadSite.OpenAsync(run, "pool");
        var fast = await site.StartServerAsync("fast", steady, Fast);
        var slow = await site.StartServerAsync("slow", steady, Slow);
        await using var device = await site.StartDeviceAsync(steady);
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var stream = new LoadStream(device, steady[0].Bundle.Model, steady[0].Requests) { Qos = MqttQos.AtMostOnce, Offload = OffloadRule.Only, Deadline = TimeSpan.FromSeconds(2) };
        var capacity = await Capacity.FindAsync(run, crew, stream);
        var result = await crew.SendAsync(stream with { PerSecond = Load * capacity }, run.Smoke ? Glimpse : Duration);
        await device.StopAsync();
        int byFast = await OffloadSite.StopAsync(fast), bySlow = await OffloadSite.StopAsync(slow);
        run.Report.Add(new Figure("slow-server-share", (double)bySlow / (byFast + bySlow), "")
        {
            Goal = Goal.AtMost(Slow / (Fast + Slow)),
            Peer = "shared subscription",
            PeerValue = 0.5,
            Samples = byFast + bySlow,
            Note = $"{byFast} by the one with {Fast} of a core, {bySlow} by the one with {Slow}; at {100 * Load:0} % of the capacity p50 {result.Latency.Median:0.0} ms, p99 {result.Latency.P99:0.0} ms; {result.Statuses()}",
        });
    }
}
