using System.Globalization;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>The runtime's decisions under a simulated clock, against fixed policies and one that knows the future.</summary>
internal static class Decisions
{
    private static readonly Func<Scenario, IPolicy>[] Fixed =
    [
        scenario => new FixedRungPolicy(scenario, isBest: true),
        scenario => new FixedRungPolicy(scenario, isBest: false),
        scenario => new AlwaysOffloadPolicy(scenario),
        scenario => new ThresholdPolicy(scenario),
    ];

    private sealed record Row(string Name, Outcomes Ours, (string Name, Outcomes Outcomes) Static, Outcomes Oracle)
    {
        public double OfOracle => Ours.Utility / Oracle.Utility;
        public double OfStatic => Ours.Utility / Static.Outcomes.Utility;
    }

    public static Task MeasureAsync(BenchRun run)
    {
        var rows = new List<Row>();
        foreach (var scenario in run.Smoke ? Scenarios.All.Take(2) : Scenarios.All)
        {
            run.Says(scenario.Name);
            rows.Add(Compare(scenario));
        }
        Report(run.Report, rows);
        return Task.CompletedTask;
    }

    private static Row Compare(Scenario scenario)
    {
        var ours = Play(scenario, new OurPolicy(scenario));
        var peers = Fixed.Select(make => make(scenario)).Select(policy => (policy.Name, Outcomes: Play(scenario, policy))).ToList();
        // Whoever does better than the search for prices shows what could have been known.
        var oracle = peers.Select(peer => peer.Outcomes).Append(ours).Append(Oracle.Of(scenario)).MaxBy(outcomes => outcomes.Utility)!;
        return new Row(scenario.Name, ours, peers.MaxBy(peer => peer.Outcomes.Utility), oracle);
    }

    private static Outcomes Play(Scenario scenario, IPolicy policy)
    {
        var world = new World(scenario, policy);
        world.Play();
        return world.Outcomes;
    }

    private static void Report(BenchReport report, List<Row> rows)
    {
        foreach (var row in rows)
            report.Add(new Figure($"{row.Name.Replace(' ', '-')}.utility", row.OfOracle, "")
            {
                Peer = "oracle",
                PeerValue = 1,
                Samples = row.Ours.Accepted + row.Ours.Refused,
                Note = string.Create(CultureInfo.InvariantCulture, $"ours {row.Ours.Utility:f0} ({row.Ours.Missed} missed, {row.Ours.Refused} refused of {row.Ours.Accepted + row.Ours.Refused}), ")
                    + string.Create(CultureInfo.InvariantCulture, $"best fixed {row.Static.Outcomes.Utility:f0} ({row.Static.Name}), oracle {row.Oracle.Utility:f0}; ours / best fixed {row.OfStatic:f3}"),
            });
        double[] ratios = [.. rows.Select(row => row.OfOracle).Order()];
        report.Add(new Figure("utility-median", ratios[ratios.Length / 2], "") { Goal = Goal.NoLessThan(0.95), Peer = "oracle", PeerValue = 1, Samples = rows.Count });
        report.Add(new Figure("utility-worst", ratios[0], "") { Goal = Goal.NoLessThan(0.85), Peer = "oracle", PeerValue = 1, Samples = rows.Count });
        int accepted = rows.Sum(row => row.Ours.Accepted), missed = rows.Sum(row => row.Ours.Missed);
        report.Add(new Figure("misses-accepted", 100.0 * missed / accepted, "%") { Goal = Goal.AtMost(0.1), Samples = accepted });
        report.Add(new Figure("scenarios", rows.Count, "") { Goal = Goal.NoLessThan(12) });
        report.Add(new Figure("static-beaten", rows.Count(row => row.OfStatic > 1), "scenarios") { Goal = Goal.NoLessThan(8), Samples = rows.Count });
        report.Add(new Figure("static-never-worse", rows.TrueForAll(row => row.OfStatic >= 0.99) ? 1 : 0, "") { Goal = Goal.NoLessThan(1), Samples = rows.Count });
    }
}
