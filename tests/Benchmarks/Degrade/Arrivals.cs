namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>Who asks: requests at random, at a rate that may change.</summary>
internal sealed record Arrivals
{
    private const double Highest = 400;

    /// <summary>Requests per second, over time.</summary>
    public required Func<double, double> Rate { get; init; }

    public required double Duration { get; init; }

    /// <summary>Seconds that a request has, in the mean; each between seven and thirteen tenths of it.</summary>
    public double Deadline { get; init; } = 0.35;

    public double Bytes { get; init; } = 60e3;

    public bool MayOffload { get; init; }

    /// <summary>Floors, each as likely as the others.</summary>
    public IReadOnlyList<double> Floors { get; init; } = [0];

    public int Seed { get; init; } = 1;

    public IReadOnlyList<SimRequest> Make()
    {
        var chance = new Random(Seed);
        var requests = new List<SimRequest>();
        for (double at = Gap(chance); at < Duration; at += Gap(chance))
        {
            if (chance.NextDouble() * Highest > Rate(at)) continue;
            double left = Deadline * (0.7 + (0.6 * chance.NextDouble()));
            requests.Add(new SimRequest(requests.Count, at, at + left, Floors[chance.Next(Floors.Count)], Bytes, MayOffload, Luck(chance), Luck(chance)));
        }
        return requests;
    }

    private static double Gap(Random chance) => -Math.Log(1 - chance.NextDouble()) / Highest;

    // Log-normal: a run is within a tenth of what it usually takes, now and then well over.
    private static double Luck(Random chance)
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
        return Math.Exp(0.05 * normal) * (chance.NextDouble() < 0.002 ? 1.5 : 1);
    }
}
