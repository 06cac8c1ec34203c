using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>An identity model over MQTT, request to answer less compute, against a bare echo of the same payloads over the same broker.</summary>
internal static class AgainstEcho
{
    private const int RoundCount = 9, WarmUp = 300;
    // The goal is 1.5 x the echo or 60 us above it, whichever is more: at 60 us above, the value is 1.5 as well.
    private const double Goal = 1.5, AllowedMilliseconds = 0.060;

    private readonly record struct Case(string Figure, string Model, int Bytes, int Requests);

    private static readonly Case[] Cases = [new("mqtt-1kb-vs-echo", "identity-1kb", 1 << 10, 400), new("mqtt-150kb-vs-echo", "identity-150kb", 150 << 10, 100)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(BenchRun run)
    {
        await using var site = await BenchSite.OpenAsync();
        await using var echo = EchoCommand.Start(site.Port, AnyCore);
        var workloads = Cases.Select(each => Workload.Identity(run, each.Model, each.Bytes)).ToArray();
        var config = new DeviceConfig { Models = [.. workloads.Select(workload => new ServedBundle(workload.Bundle))] };
        await using var device = RunningDevice.Start(new DeviceFolder(Path.Combine(run.Scratch, "echo"), site.Port), config, AnyCore);
        await site.Client.OnlineAsync(device);
        await site.Client.OnlineAsync(echo);
        await device.SettledAsync(Cases.Length);
        await using var client = await LoadClient.ConnectAsync("asking", site.Port);
        for (var i = 0; i < Cases.Length; i++) await MeasureAsync(run, client, device, echo, workloads[i], Cases[i]);
        await device.StopAsync();
        await echo.StopAsync();
    }

    private static (string, string[]) AnyCore(string[] command) => (command[0], command[1..]);

    private static async Task MeasureAsync(BenchRun run, LoadClient client, RunningDevice device, RunningDevice echo, Workload workload, Case each)
    {
        var notes = new List<string>();
        var worst = 0.0;
        var requests = run.Smoke ? 10 : each.Requests;
        foreach (var qos in new[] { MqttQos.AtMostOnce, MqttQos.AtLeastOnce })
        {
            var ours = new LoadStream(device, workload.Bundle.Model, workload.Requests) { Qos = qos };
            var bare = ours with { Device = echo };
            await AskAsync(client, ours, run.Smoke ? 10 : WarmUp);
            await AskAsync(client, bare, run.Smoke ? 10 : WarmUp);
            var times = await Rounds.RunAsync(run.Rounds(RoundCount), () => AskAsync(client, ours, requests), () => AskAsync(client, bare, requests));
            var value = Median.Of(times[0].Zip(times[1], Excess));
            worst = Math.Max(worst, value);
            notes.Add($"QoS {(int)qos}: {1e3 * Median.Of(times[0]):0} us against {1e3 * Median.Of(times[1]):0} us of the echo, {value:0.00}");
        }
        run.Report.Add(new Figure(each.Figure, worst, "")
        {
            Goal = Reporting.Goal.AtMost(Goal),
            Peer = "bare echo",
            PeerValue = 1,
            Samples = 2 * run.Rounds(RoundCount) * requests,
            Note = $"worst QoS; p50 of request to answer less compute-us over the echo's, 60 us above it counting as 1.5 where that is less; {string.Join("; ", notes)}",
        });
    }

    private static double Excess(double ours, double echo) =>
        ours <= echo ? ours / echo : Math.Min(ours / echo, 1 + (Goal - 1) * (ours - echo) / AllowedMilliseconds);

    /// <summary>The p50 of requests one after the other, compute left out, in milliseconds.</summary>
    public static async Task<double> AskAsync(LoadClient client, LoadStream stream, int count)
    {
        var log = await client.KeepAsync(stream, 1, Patience, count);
        var result = new LoadResult([log], Patience, stream.Deadline);
        return result.Ok == result.Count ? result.Transport.Median : throw new InvalidDataException($"{stream.Device.Name} answered {result.Statuses()}");
    }
}
