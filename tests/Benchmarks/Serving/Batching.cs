using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Memory;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>
/// Throughput with dynamic batching against a batch limit of 1, two devices asked in turn: on dense layers, where one reading of the weights
/// serves many, and on convolutions, where a batch gains nothing and must cost nothing. The latency target is what batch 1 takes for all that is under way.
/// A device that is not asked is paused: where a hypervisor keeps the page tables, each wake-up of another process costs one with large weights tens of ms.
/// </summary>
internal static class Batching
{
    private const int RoundCount = 5, Clients = 4, UnderWay = 16, Width = 2048, Layers = 3, SmokeWidth = 256;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2.5), Glimpse = TimeSpan.FromMilliseconds(300);

    public static async Task MeasureAsync(BenchRun run)
    {
        var width = run.Smoke ? SmokeWidth : Width;
        var dense = Dense(run, width);
        var steady = Workload.Steady(run);
        await using var site = await LoadSite.OpenAsync(run, "batching");
        await using var without = await site.StartAsync(Config(dense, steady, null, 1));
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var target = TimeSpan.FromMilliseconds(Math.Ceiling(1000 * UnderWay / await Capacity.FindAsync(run, crew, new LoadStream(without, dense.Bundle.Model, dense.Requests))));
        await using var with = await site.StartAsync(Config(dense, steady, target, null));
        var what = $"{Layers} dense layers of {width}, {UnderWay} requests under way";
        ReportGain(run.Report, await CompareAsync(run, crew, with, without, dense), target, what, site.Cores);
        ReportCost(run.Report, await CompareAsync(run, crew, with, without, steady), site.Cores);
        await with.StopAsync();
        await without.StopAsync();
    }

    private static async Task<List<(LoadResult With, LoadResult Without)>> CompareAsync(
        BenchRun run, LoadCrew crew, RunningDevice with, RunningDevice without, Workload workload)
    {
        var duration = run.Smoke ? Glimpse : Duration;
        var rounds = new List<(LoadResult, LoadResult)>();
        with.Pause();
        without.Pause();
        // The first round lets the runtime learn what a batch costs.
        for (var i = 0; i <= run.Rounds(RoundCount); i++) rounds.Add((await KeepAsync(with), await KeepAsync(without)));
        with.Resume();
        without.Resume();
        return rounds[1..];

        async Task<LoadResult> KeepAsync(RunningDevice device)
        {
            device.Resume();
            var result = await crew.KeepAsync(new LoadStream(device, workload.Bundle.Model, workload.Requests), UnderWay, duration);
            device.Pause();
            return result;
        }
    }

    private static void ReportGain(BenchReport report, List<(LoadResult With, LoadResult Without)> rounds, TimeSpan target, string what, string note)
    {
        report.Add(new Figure("batching-gain", Gain(rounds), "")
        {
            Goal = Goal.NoLessThan(2),
            Peer = "batch 1",
            PeerValue = 1,
            Samples = Count(rounds),
            Note = $"{what}: {Rates(rounds)}; {note}",
        });
        var latency = new LatencySamples(rounds.SelectMany(round => round.With.LatencyMilliseconds));
        var single = new LatencySamples(rounds.SelectMany(round => round.Without.LatencyMilliseconds));
        report.Add(new Figure("batching-p99-ms", latency.P99, "ms")
        {
            Goal = Goal.AtMost(target.TotalMilliseconds),
            Peer = "batch 1",
            PeerValue = single.P99,
            Samples = latency.Count,
            Note = $"latencyTargetMs {target.TotalMilliseconds:0}, which is what batch 1 takes for {UnderWay} requests; p50 {latency.Median:0.0} ms, {single.Median:0.0} ms of batch 1",
        });
    }

    private static void ReportCost(BenchReport report, List<(LoadResult With, LoadResult Without)> rounds, string note) =>
        report.Add(new Figure("batching-worst", Gain(rounds), "")
        {
            Goal = Goal.NoLessThan(0.97),
            Peer = "batch 1",
            PeerValue = 1,
            Samples = Count(rounds),
            Note = $"convolutions, where a batch gains nothing: {Rates(rounds)}; 3 % are left to noise; {note}",
        });

    private static double Gain(List<(LoadResult With, LoadResult Without)> rounds) => Median.Of(rounds.Select(round => (double)round.With.Ok / round.Without.Ok));

    private static int Count(List<(LoadResult With, LoadResult Without)> rounds) => rounds.Sum(round => round.With.Ok + round.Without.Ok);

    private static string Rates(List<(LoadResult With, LoadResult Without)> rounds) =>
        $"{Median.Of(rounds.Select(round => round.With.PerSecond)):0}/s against {Median.Of(rounds.Select(round => round.Without.PerSecond)):0}/s";

    private static Workload Dense(BenchRun run, int width)
    {
        var input = Workload.Floats(1, width);
        var model = new LargeModel($"dense-{width}", [-1, width], [-1, width], input, folder => TestModels.DenseLayers(folder, Layers, width));
        return new Workload(model.Pack(run.Scratch), [BenchRequest.Tensor(input)]);
    }

    private static DeviceConfig Config(Workload dense, Workload steady, TimeSpan? target, int? largest)
    {
        var each = new ServedBundle(dense.Bundle) { Threads = 1, LargestBatch = largest };
        return new() { Models = [each with { LatencyTarget = target }, new ServedBundle(steady.Bundle) { Threads = 1, LargestBatch = largest }] };
    }
}
