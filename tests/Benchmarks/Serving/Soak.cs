using System.Diagnostics;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>Text lines at 70 % of the capacity for long: what the last third holds and takes, against the first.</summary>
internal static class Soak
{
    private const int Clients = 4, Parts = 10;
    private const double Load = 0.7;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10), Usual = TimeSpan.FromMinutes(2), Long = TimeSpan.FromHours(1), Glimpse = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), ShortInterval = TimeSpan.FromMilliseconds(200);

    private readonly record struct Holding(long Anonymous, int Handles);

    public static async Task MeasureAsync(BenchRun run)
    {
        var lines = await Workload.TextLinesAsync(run);
        await using var site = await LoadSite.OpenAsync(run, "soak");
        await using var device = await site.StartAsync(new DeviceConfig { Models = [new ServedBundle(lines.Bundle) { Threads = 1 }] });
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var stream = new LoadStream(device, lines.Bundle.Model, lines.Requests);
        stream = stream with { PerSecond = Load * await Capacity.FindAsync(run, crew, stream) };
        if (!run.Smoke) await crew.SendAsync(stream, WarmUp);

        var duration = run.Smoke ? Glimpse : run.Full ? Long : Usual;
        var load = crew.SendAsync(stream with { Seed = 2 }, duration);
        var holdings = await FollowAsync(device, load, run.Smoke ? ShortInterval : Interval);
        Report(run.Report, holdings, await load, $"{stream.PerSecond:0.0}/s, {100 * Load:0} % of the capacity, for {duration.TotalMinutes:0.##} min; {site.Cores}");
        await device.StopAsync();
    }

    private static async Task<List<Holding>> FollowAsync(RunningDevice device, Task load, TimeSpan interval)
    {
        var holdings = new List<Holding>();
        while (!load.IsCompleted)
        {
            holdings.Add(new Holding(ProcessMemory.AnonymousNow(device.ProcessId), Directory.GetFileSystemEntries($"/proc/{device.ProcessId}/fd").Length));
            await Task.WhenAny(load, Task.Delay(interval));
        }
        return holdings;
    }

    private static void Report(BenchReport report, List<Holding> holdings, LoadResult result, string setting)
    {
        var (first, last) = (holdings[..(holdings.Count / 3 + 1)], holdings[^(holdings.Count / 3 + 1)..]);
        var (anonymousBefore, anonymousAfter) = (Megabytes(first), Megabytes(last));
        report.Add(new Figure("soak-anonymous-growth-mb", anonymousAfter - anonymousBefore, "MB")
        {
            Goal = Goal.AtMost(1),
            Samples = holdings.Count,
            Note = $"medians of the first and the last third, {anonymousBefore:0.0} and {anonymousAfter:0.0} MB; course {Course(holdings)}; {setting}",
        });
        report.Add(new Figure("soak-handle-growth", Handles(last) - Handles(first), "") { Goal = Goal.AtMost(0), Samples = holdings.Count, Note = $"of {last[^1].Handles}" });
        AddLatency(report, result);
    }

    private static void AddLatency(BenchReport report, LoadResult result)
    {
        var third = result.Count / 3;
        RequestRecord[] records = [.. result.Records.Where(record => record.IsOk).OrderBy(record => record.Intended)];
        var (first, last) = (Latency(records.Take(third)), Latency(records.TakeLast(third)));
        report.Add(new Figure("soak-p99-ratio", last.P99 / first.P99, "")
        {
            Goal = Goal.AtMost(1.1),
            Peer = "first third",
            PeerValue = 1,
            Samples = result.Count,
            Note = $"p99 {first.P99:0.0} ms in the first third, {last.P99:0.0} ms in the last; {result.Statuses()}",
        });
    }

    // Of each tenth: whether it still grows, or has come to rest.
    private static string Course(List<Holding> holdings) =>
        string.Join(' ', holdings.Chunk(Math.Max(1, (holdings.Count + Parts - 1) / Parts)).Select(part => $"{Megabytes([.. part]):0.0}"));

    private static double Megabytes(List<Holding> holdings) => Median.Of(holdings.Select(at => at.Anonymous / ProcessMemory.Megabyte));

    private static double Handles(List<Holding> holdings) => Median.Of(holdings.Select(at => (double)at.Handles));

    private static LatencySamples Latency(IEnumerable<RequestRecord> records) =>
        new(records.Select(record => Stopwatch.GetElapsedTime(record.Intended, record.Arrived).TotalMilliseconds));
}
