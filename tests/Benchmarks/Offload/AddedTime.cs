using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>What the way to a server adds at 150 KB: answered by it less answered by the device, less a bare echo of the same bytes, which is the way itself.</summary>
internal static class AddedTime
{
    private const int Bytes = 150 << 10, RoundCount = 7, Requests = 100, WarmUp = 200;

    public static async Task MeasureAsync(BenchRun run)
    {
        Workload[] identity = [Workload.Identity(run, "identity-150kb", Bytes)];
        await using var site = await OffloadSite.OpenAsync(run, "added");
        var server = await site.StartServerAsync("srv-1", identity);
        await using var device = await site.StartDeviceAsync(identity);
        await using var echo = EchoCommand.Start(site.Port, static command => (command[0], command[1..]));
        await using var client = await LoadClient.ConnectAsync("asking", site.Port);
        var stream = new LoadStream(device, identity[0].Bundle.Model, identity[0].Requests) { Qos = Messaging.MqttQos.AtMostOnce };
        LoadStream[] streams = [stream with { Offload = OffloadRule.Only }, stream with { Offload = OffloadRule.Never }, stream with { Device = echo }];
        foreach (var each in streams) await AgainstEcho.AskAsync(client, each, run.Smoke ? 10 : WarmUp);
        var times = await Rounds.RunAsync(run.Rounds(RoundCount), [.. streams.Select<LoadStream, Func<Task<double>>>(each => () => AgainstEcho.AskAsync(client, each, run.Smoke ? 10 : Requests))]);
        var added = Median.Of(Enumerable.Range(0, times[0].Length).Select(round => times[0][round] - times[1][round] - times[2][round]));
        run.Report.Add(new Figure("added-p50-ms", added, "ms")
        {
            Goal = Goal.AtMost(1),
            Peer = "bare echo",
            PeerValue = Median.Of(times[2]),
            Samples = times[0].Length * Requests,
            Note = $"{Bytes >> 10} KB: {Median.Of(times[0]):0.00} ms by the server, {Median.Of(times[1]):0.00} ms by the device, {Median.Of(times[2]):0.00} ms the echo; compute left out",
        });
        await device.StopAsync();
        await echo.StopAsync();
        await OffloadSite.StopAsync(server);
    }
}
