using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving.Neighbours;
using EdgeRuntime.TestKit.Brokers;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>
/// One client at a quarter of the capacity, beside another at half of it, which behaves or does not. Rounds interleave all behaviours, in changing order and with the same
/// arrivals; the lawful load is the same in all but the flood, which takes its place. The median of the rounds counts: a stall of the machine hits one behaviour of a round.
/// Nine rounds tell apart what differs by a fifth, those of --full what differs by a tenth.
/// </summary>
internal static class Misbehaviour
{
    private const int UsualRounds = 9, ManyRounds = 36, LawfulCount = 2, LargeBytes = 150 << 10;
    private const double Share = 0.25, NeighbourShare = 0.5;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6), Glimpse = TimeSpan.FromMilliseconds(500), Head = TimeSpan.FromMilliseconds(500), Deadline = TimeSpan.FromSeconds(2);

    public static async Task MeasureAsync(BenchRun run)
    {
        var steady = Workload.Steady(run);
        var large = Workload.Identity(run, "large", LargeBytes);
        await using var site = await LoadSite.OpenAsync(run, "misbehaviour");
        int http = MosquittoBroker.FreePort();
        await using var device = await site.StartAsync(new DeviceConfig
        {
            Models = [new ServedBundle(steady.Bundle) { Threads = 1 }, new ServedBundle(large.Bundle) { Threads = 1 }],
            HttpPort = http,
        });
        await using var other = await LoadCrew.ConnectAsync("other", site.Port, 1);
        await using var measured = await LoadCrew.ConnectAsync("measured", site.Port, 1);
        var stream = new LoadStream(device, steady.Bundle.Model, steady.Requests) { Deadline = Deadline };
        var capacity = await Capacity.FindAsync(run, measured, stream);
        var scene = new Neighbourhood(site, other, stream with { PerSecond = NeighbourShare * capacity, Seed = 7 }, capacity, http);

        INeighbour[] neighbours = [.. Enumerable.Repeat(new LawfulNeighbour(), LawfulCount), new FloodingNeighbour(), new HalfOpenNeighbour(), new SlowNeighbour(large), new MalformedNeighbour()];
        var rounds = neighbours.Select(_ => new List<Round>()).ToArray();
        for (var round = 0; round < run.Rounds(run.Full ? ManyRounds : UsualRounds); round++)
        {
            var asking = stream with { PerSecond = Share * capacity, Seed = round + 1 };
            foreach (var i in Order(round, neighbours.Length)) rounds[i].Add(await BesideAsync(run, scene, neighbours[i], measured, asking));
        }
        Report(run.Report, [.. neighbours.Select(neighbour => neighbour.Name)], rounds, $"{site.Cores}; capacity {capacity:0}/s");
        await device.StopAsync();
    }

    // Another one in each round: what a neighbour leaves behind is not always the same one's.
    private static int[] Order(int round, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(round).Shuffle(order);
        return order;
    }

    // The neighbour begins a little earlier. What is measured is lost where it is not answered: as late as can be.
    private static async Task<Round> BesideAsync(BenchRun run, Neighbourhood scene, INeighbour neighbour, LoadCrew measured, LoadStream stream)
    {
        var duration = run.Smoke ? Glimpse : Duration;
        var beside = neighbour.RunAsync(scene, Head + duration);
        await Task.Delay(Head);
        var result = await measured.SendAsync(stream, duration);
        await beside;
        var latency = result.LatencyMilliseconds.Concat(Enumerable.Repeat(stream.Deadline.TotalMilliseconds, result.Count - result.Ok));
        return new Round(new LatencySamples(latency), result.QueueMilliseconds.Median, result.OnTheWayMilliseconds.Median);
    }

    /// <param name="Latency">Of what was measured.</param>
    /// <param name="Queue">What of it was spent in the runtime's queue, in the median.</param>
    /// <param name="Way">What of it was spent outside the runtime, in the median.</param>
    private readonly record struct Round(LatencySamples Latency, double Queue, double Way);

    private static void Report(BenchReport report, string[] names, List<Round>[] rounds, string setting)
    {
        // Both lawful ones are what the others are compared with; by how much they differ is what the measure itself strays.
        int[] every = [.. Enumerable.Range(0, rounds[0].Count)];
        var isTooMuch = LawfulP99(every) >= Deadline.TotalMilliseconds;
        var ratios = rounds.Select(each => Ratio(each, every)).ToArray();
        var all = names.Zip(rounds, ratios).Select(each => $"{each.First} {Describe(each.Second)} ({each.Third:0.00}, {Chance(each.Second)})");
        report.Add(new Figure("misbehaviour-p99-ratio", isTooMuch ? null : ratios[LawfulCount..].Max(), "")
        {
            Goal = Goal.AtMost(1.1),
            Peer = "beside a lawful neighbour",
            PeerValue = 1,
            Samples = rounds.Sum(each => each.Sum(round => round.Latency.Count)),
            Note = (isTooMuch ? "even a lawful neighbour was too much, the capacity is not what it was; " : "")
                + $"the worst of p99 of a client at {100 * Share:0} % of the capacity beside one at {100 * NeighbourShare:0} %, medians of {rounds[0].Count} rounds: "
                + $"{string.Join("; ", all)}; an answer that is not OK counts as late as can be; {setting}",
        });

        double LawfulP99(IReadOnlyList<int> drawn) => Median.Of(rounds[..LawfulCount].SelectMany(each => drawn.Select(i => each[i].Latency.P99)));

        double Ratio(List<Round> beside, IReadOnlyList<int> drawn) => Median.Of(drawn.Select(i => beside[i].Latency.P99)) / LawfulP99(drawn);

        string Chance(List<Round> beside)
        {
            var (low, high) = Resampling.Interval(every.Length, drawn => Ratio(beside, drawn));
            return $"{low:0.00} to {high:0.00} by chance";
        }
    }

    private static string Describe(List<Round> rounds) =>
        $"p50 {Median.Of(rounds.Select(round => round.Latency.Median)):0.0} ({Median.Of(rounds.Select(round => round.Queue)):0.0} in the queue, "
        + $"{Median.Of(rounds.Select(round => round.Way)):0.0} on the way) p90 {Median.Of(rounds.Select(round => round.Latency.At(0.9))):0.0} "
        + $"p99 {string.Join(' ', rounds.Select(round => $"{round.Latency.P99:0}"))} ms";
}
