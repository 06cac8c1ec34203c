using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>
/// PP-OCRv4 rec on JPEGs with more load than there is time for: how much of the peak is left, what was promised and kept, how soon the rest is
/// told so. The peak is the most answers in time per second at loads around the capacity, found anew in every round.
/// </summary>
internal static class Overload
{
    private const int RoundCount = 3, Clients = 4, EchoRequests = 200;
    private const double DeadlineInServices = 10;
    private static readonly double[] AroundCapacity = [0.9, 1.0, 1.2];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4), Glimpse = TimeSpan.FromMilliseconds(500), LeastDeadline = TimeSpan.FromMilliseconds(50);

    private sealed record Round(double Peak, LoadResult Threefold, LoadResult Tenfold);

    public static async Task MeasureAsync(BenchRun run)
    {
        var lines = await Workload.TextLinesAsync(run);
        await using var site = await LoadSite.OpenAsync(run, "overload");
        await using var device = await site.StartAsync(new DeviceConfig { Models = [new ServedBundle(lines.Bundle) { Threads = 1 }] });
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var echo = await EchoAsync(site, lines);
        var stream = new LoadStream(device, lines.Bundle.Model, lines.Requests);
        var capacity = await Capacity.FindAsync(run, crew, stream);
        var deadline = Max(TimeSpan.FromSeconds(DeadlineInServices / capacity), LeastDeadline);

        var rounds = new List<Round>();
        for (var i = 0; i < run.Rounds(RoundCount); i++)
            rounds.Add(await RunAsync(run, crew, stream with { Deadline = deadline, Seed = i + 1 }, capacity));
        var setting = $"{site.Cores}; capacity {capacity:0.0}/s, deadline {deadline.TotalMilliseconds:0} ms, "
            + $"{LoadStream.WayBack.TotalMilliseconds} ms of it kept for the way back";
        Report(run.Report, rounds, echo, setting);
        await device.StopAsync();
    }

    private static async Task<Round> RunAsync(BenchRun run, LoadCrew crew, LoadStream stream, double capacity)
    {
        var duration = run.Smoke ? Glimpse : Duration;
        var peak = 0.0;
        foreach (var factor in AroundCapacity)
        {
            var result = await crew.SendAsync(stream with { PerSecond = factor * capacity }, duration);
            peak = Math.Max(peak, result.Goodput);
        }
        var threefold = await crew.SendAsync(stream with { PerSecond = 3 * capacity }, duration);
        return new Round(peak, threefold, await crew.SendAsync(stream with { PerSecond = 10 * capacity }, duration));
    }

    private static void Report(BenchReport report, List<Round> rounds, double echo, string setting)
    {
        report.Add(new Figure("goodput-peak", Median.Of(rounds.Select(round => round.Peak)), "/s") { Samples = rounds.Count, Note = setting });
        AddGoodput(report, "goodput-3x", rounds, round => round.Threefold);
        AddGoodput(report, "goodput-10x", rounds, round => round.Tenfold);
        LoadResult[] over = [.. rounds.SelectMany(round => new[] { round.Threefold, round.Tenfold })];
        AddPromises(report, over);
        AddRefusals(report, over, echo);
    }

    private static void AddGoodput(BenchReport report, string id, List<Round> rounds, Func<Round, LoadResult> result) =>
        report.Add(new Figure(id, Median.Of(rounds.Select(round => result(round).Goodput / round.Peak)), "")
        {
            Goal = Goal.NoLessThan(0.95),
            Peer = "peak",
            PeerValue = 1,
            Samples = rounds.Sum(round => result(round).Count),
            Note = $"median of the rounds; goodput {string.Join(", ", rounds.Select(round => $"{result(round).Goodput:0.0}/s"))}; last round {result(rounds[^1]).Statuses()}",
        });

    private static void AddPromises(BenchReport report, LoadResult[] over)
    {
        var (accepted, inTime) = (over.Sum(result => result.Accepted), over.Sum(result => result.InTime));
        report.Add(new Figure("accepted-in-deadline", 100.0 * inTime / Math.Max(1, accepted), "%")
        {
            Goal = Goal.NoLessThan(99.9),
            Samples = accepted,
            Note = $"at 3x and 10x, {accepted - inTime} of {accepted} late; accepted is what was not refused at admission, answered or not; "
                + $"late counts from the intended sending to the client{Lateness.Describe(over)}",
        });
    }

    private static void AddRefusals(BenchReport report, LoadResult[] over, double echo)
    {
        var times = new LatencySamples(over.SelectMany(result => result.RefusalMilliseconds));
        report.Add(new Figure("refusal-p99-ms", times.Count == 0 ? null : times.P99 - echo, "ms")
        {
            Goal = Goal.AtMost(5),
            Samples = times.Count,
            Note = times.Count == 0
                ? "nothing was refused at admission"
                : $"sending to refusal at the client, less {echo:0.000} ms that an idle echo on the runtime's core takes for the way; "
                    + $"p50 {times.Median - echo:0.00} ms, highest {times.Highest - echo:0.0} ms",
        });
    }

    // The way through the broker and back, with nothing to do on it.
    private static async Task<double> EchoAsync(LoadSite site, Workload lines)
    {
        await using var echo = await site.StartEchoAsync();
        await using var crew = await LoadCrew.ConnectAsync("way", site.Port, 1);
        var result = await crew.KeepAsync(new LoadStream(echo, lines.Bundle.Model, lines.Requests), 1, Duration, EchoRequests);
        return result.Latency.Median;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
