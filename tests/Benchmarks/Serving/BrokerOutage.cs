using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit.Brokers;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>The broker is killed under load, stays away and comes back on its port, while others ask over HTTP.</summary>
internal static class BrokerOutage
{
    private const int Clients = 2;
    private const double Load = 0.5;

    /// <summary>How long before, without and after the broker.</summary>
    private readonly record struct Phases(TimeSpan Before, TimeSpan Away, TimeSpan After);

    private static readonly Phases Usual = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
    private static readonly Phases Glimpse = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    public static async Task MeasureAsync(BenchRun run)
    {
        var steady = Workload.Steady(run);
        await using var site = await LoadSite.OpenAsync(run, "outage");
        int port = MosquittoBroker.FreePort();
        await using var device = await site.StartAsync(new DeviceConfig { Models = [new ServedBundle(steady.Bundle) { Threads = 1 }], HttpPort = port });
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        using var http = new HttpLoad(port, steady.Bundle.Model, Json());
        var stream = new LoadStream(device, steady.Bundle.Model, steady.Requests) { Deadline = Deadline };
        stream = stream with { PerSecond = Load * await Capacity.FindAsync(run, crew, stream) };
        await RunAsync(run, site, crew, stream, http);
        await device.StopAsync();
    }

    private static async Task RunAsync(BenchRun run, LoadSite site, LoadCrew crew, LoadStream stream, HttpLoad http)
    {
        var phases = run.Smoke ? Glimpse : Usual;
        using var stop = new CancellationTokenSource();
        var asking = http.RunAsync(stop.Token);
        var load = crew.SendAsync(stream, phases.Before + phases.Away + phases.After);
        await Task.Delay(phases.Before);
        var before = ProcessMemory.Of(stream.Device.ProcessId);
        await site.Broker.KillAsync();
        await Task.Delay(phases.Away);
        await site.Broker.RestartAsync();
        var returned = Stopwatch.GetTimestamp();
        var result = await load;
        await stop.CancelAsync();
        await asking;
        ReportAnswers(run.Report, result, returned, $"{stream.PerSecond:0}/s over MQTT, {phases.Away.TotalSeconds:0} s without a broker");
        ReportRest(run.Report, http, ProcessMemory.Of(stream.Device.ProcessId).Anonymous - before.Anonymous);
    }

    private static void ReportAnswers(BenchReport report, LoadResult result, long returned, string setting)
    {
        RequestRecord[] resumed = [.. result.Records.Where(record => record.IsOk && record.Arrived >= returned)];
        double? first = resumed.Length == 0 ? null : resumed.Min(record => Stopwatch.GetElapsedTime(returned, record.Arrived).TotalMilliseconds);
        report.Add(new Figure("outage-resume-ms", first, "ms")
        {
            Goal = Goal.AtMost(2000),
            Samples = resumed.Length,
            Note = first is null
                ? $"nothing was answered after the broker's return; {setting}"
                : $"from when the broker accepts connections to the first answer OK; clients try again twice a second; {setting}",
        });
        report.Add(new Figure("answered-twice", result.AnsweredTwice, "") { Goal = Goal.AtMost(0), Samples = result.Count, Note = result.Statuses() });
    }

    private static void ReportRest(BenchReport report, HttpLoad http, long growth)
    {
        report.Add(new Figure("outage-http-failed", http.Failed, "")
        {
            Goal = Goal.AtMost(0),
            Samples = http.Sent,
            Note = $"of {http.Sent} over HTTP before, during and after; last failure: {http.LastFailure}",
        });
        report.Add(new Figure("outage-anonymous-growth-mb", growth / ProcessMemory.Megabyte, "MB")
        {
            Goal = Goal.AtMost(2),
            Note = "anonymous memory after the return less before the outage",
        });
    }

    private static string Json()
    {
        var input = Workload.Floats(Workload.SteadyShape);
        var values = MemoryMarshal.Cast<byte, float>(input.Data).ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture));
        return $$"""{"inputs":[{"name":"{{input.Name}}","shape":[{{string.Join(',', input.Shape)}}],"datatype":"FP32","data":[{{string.Join(',', values)}}]}]}""";
    }
}
