using System.Diagnostics;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Startup;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>
/// A model under half its capacity is replaced by its next version: the bundle that its configuration names changes, then SIGHUP. From there to
/// the end of the window counts as during the swap, what the runtime builds in the background included.
/// </summary>
internal static class HotSwap
{
    private const int SwapCount = 3, Clients = 2;
    private const double Load = 0.5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Glimpse = TimeSpan.FromSeconds(1);

    private sealed record Swap(LoadResult Result, long Signalled, int Version);

    public static async Task MeasureAsync(BenchRun run)
    {
        var (model, request) = Subject(run);
        SignedBundle[] versions = [.. Enumerable.Range(1, run.Rounds(SwapCount) + 1).Select(version => Workload.Pack(run, "swapped", Another(model, version), version))];
        var source = versions[0] with { Path = Path.Combine(run.Scratch, "swapped.bundle") };
        File.Copy(versions[0].Path, source.Path);
        await using var site = await LoadSite.OpenAsync(run, "swap");
        await using var device = await site.StartAsync(new DeviceConfig { Models = [new ServedBundle(source) { Threads = 1 }] });
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var stream = new LoadStream(device, source.Model, [request]);
        stream = stream with { PerSecond = Load * await Capacity.FindAsync(run, crew, stream) };

        var swaps = new List<Swap>();
        for (var version = 2; version <= versions.Length && !device.HasExited; version++)
            swaps.Add(await SwapAsync(crew, stream with { Seed = version }, run.Smoke ? Glimpse : Window, source.Path, versions[version - 1].Path, version));
        Report(run.Report, swaps, device, $"{site.Cores}; {stream.PerSecond:0}/s, {100 * Load:0} % of the capacity");
    }

    // The bench's load goes on through the whole window; the swap happens in its middle.
    private static async Task<Swap> SwapAsync(LoadCrew crew, LoadStream stream, TimeSpan window, string source, string next, int version)
    {
        var load = crew.SendAsync(stream, 2 * window);
        await Task.Delay(window);
        File.Copy(next, source + ".new", overwrite: true);
        File.Move(source + ".new", source, overwrite: true);
        var signalled = Stopwatch.GetTimestamp();
        stream.Device.Reload();
        return new Swap(await load, signalled, version);
    }

    private static void Report(BenchReport report, List<Swap> swaps, RunningDevice device, string setting)
    {
        var failed = swaps.Sum(swap => swap.Result.Count - swap.Result.Ok);
        var missing = swaps.Count(swap => !HappenedIn(swap));
        var took = new LatencySamples(swaps.Where(HappenedIn).Select(swap => Milliseconds(swap.Signalled, FirstOf(swap))));
        report.Add(new Figure("swap-failed", failed + missing, "")
        {
            Goal = Goal.AtMost(0),
            Samples = swaps.Sum(swap => swap.Result.Count),
            Note = missing > 0
                ? $"{failed} requests failed, and {missing} of {swaps.Count} swaps did not happen{(device.HasExited ? ": the runtime ended" : "")}"
                : $"{swaps.Count} swaps; signal to the new version's first answer {took.Median:0} ms; {setting}",
        });
        var before = new LatencySamples(swaps.SelectMany(swap => Latencies(swap, during: false)));
        var during = new LatencySamples(swaps.SelectMany(swap => Latencies(swap, during: true)));
        report.Add(new Figure("swap-p99-ratio", missing > 0 ? null : during.P99 / before.P99, "")
        {
            Goal = Goal.AtMost(1.5),
            Peer = "before",
            PeerValue = 1,
            Samples = before.Count + during.Count,
            Note = missing > 0
                ? "a swap did not happen"
                : $"p99 {before.P99:0.0} ms before, {during.P99:0.0} ms from the signal on, what is built in the background included; "
                    + $"p50 {before.Median:0.0} and {during.Median:0.0} ms",
        });
    }

    private static bool HappenedIn(Swap swap) => swap.Result.Records.Any(record => record.IsOk && record.Version == swap.Version);

    private static long FirstOf(Swap swap) => swap.Result.Records.Where(record => record.IsOk && record.Version == swap.Version).Min(record => record.Arrived);

    private static IEnumerable<double> Latencies(Swap swap, bool during) => swap.Result.Records
        .Where(record => record.IsOk && record.Intended >= swap.Signalled == during)
        .Select(record => Milliseconds(record.Intended, record.Arrived));

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    // The same graph in other bytes, as a next version's are: nothing that was built for the one before is of use. A doc_string is field 6 of a ModelProto.
    private static byte[] Another(byte[] model, int version) => [.. model, (6 << 3) | 2, 1, (byte)('0' + version)];

    // PP-OCRv4 rec without its image graph: a real model, and one tensor for all requests.
    private static (byte[] Model, BenchRequest Request) Subject(BenchRun run) => run.Smoke
        ? (Workload.SteadyModel(), Workload.Steady(run).Requests[0])
        : (File.ReadAllBytes(TextModel.Model), BenchRequest.Tensor(Workload.Floats(1, 3, 48, 320)));
}
