using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>Answers in time of a device at a quarter of a core, alone, with a server at the rest of it, and by the server alone.</summary>
internal static class OffloadGoodput
{
    private const double DeviceCores = 0.25, ServerCores = 0.75, Overload = 1.3, DeadlineInRuns = 12;
    private const int Clients = 4, Rounds = 3;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6), Glimpse = TimeSpan.FromSeconds(1), WarmUp = TimeSpan.FromSeconds(3);

    public static async Task MeasureAsync(BenchRun run)
    {
        Workload[] steady = [Workload.Steady(run)];
        await using var site = await OffloadSite.OpenAsync(run, "goodput");
        var server = await site.StartServerAsync("srv-1", steady, ServerCores);
        await using var device = await site.StartDeviceAsync(steady, DeviceCores);
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var stream = new LoadStream(device, steady[0].Bundle.Model, steady[0].Requests) { Qos = Messaging.MqttQos.AtMostOnce };
        double local = await Capacity.FindAsync(run, crew, stream with { Offload = OffloadRule.Never });
        double remote = await Capacity.FindAsync(run, crew, stream with { Offload = OffloadRule.Only });
        stream = stream with { Deadline = TimeSpan.FromSeconds(DeadlineInRuns / local), PerSecond = Overload * (local + remote) };
        await MeasureAsync(run, crew, stream, local, remote);
        await device.StopAsync();
        await OffloadSite.StopAsync(server);
    }

    // Each is asked for more than it can do, so that goodput is what it can do in time.
    private static async Task MeasureAsync(BenchRun run, LoadCrew crew, LoadStream stream, double local, double remote)
    {
        var duration = run.Smoke ? Glimpse : Duration;
        var (alone, server, both) = (new List<double>(), new List<double>(), new List<double>());
        LoadResult? last = null;
        await crew.SendAsync(stream, run.Smoke ? Glimpse : WarmUp);
        for (var round = 0; round < run.Rounds(Rounds); round++)
        {
            alone.Add((await crew.SendAsync(stream with { Offload = OffloadRule.Never, PerSecond = Overload * local }, duration)).Goodput);
            server.Add((await crew.SendAsync(stream with { Offload = OffloadRule.Only, PerSecond = Overload * remote }, duration)).Goodput);
            both.Add((last = await crew.SendAsync(stream, duration)).Goodput);
        }
        double here = Median.Of(alone), there = Median.Of(server), together = Median.Of(both);
        var note = $"steady convolutions, device at {DeviceCores} of a core, server at {ServerCores}, deadline {stream.Deadline.TotalMilliseconds:0} ms: {here:0.0}/s here alone, {there:0.0}/s by the server alone, {together:0.0}/s together; last round {last!.Statuses()}";
        run.Report.Add(new Figure("goodput-gain", together / here, "x") { Goal = Goal.NoLessThan(3), Peer = "local only", PeerValue = here, Samples = last.Count, Note = note });
        run.Report.Add(new Figure("capacity-fraction", together / (here + there), "") { Goal = Goal.NoLessThan(0.85), Peer = "both", PeerValue = here + there, Samples = last.Count });
    }
}
