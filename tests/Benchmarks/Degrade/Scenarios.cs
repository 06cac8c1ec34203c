using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>What devices meet. Each has its own seed; all are the same at every run.</summary>
internal static class Scenarios
{
    private const double Minute = 60, TwoMinutes = 120;

    // As PP-OCR on a small core: float, INT8, and one of half the depth.
    private static readonly Rung[] Usual = [new(1, 0.040), new(0.985, 0.022), new(0.95, 0.012)];
    private static readonly Rung[] Heavy = [new(1, 0.250), new(0.97, 0.150)];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Make("quiet", Rate(10), 1),
        Make("overload", Rate(55), 2),
        Make("flood", Rate(150), 3),
        Make("bursts", at => at % 10 < 4 ? 80 : 8, 4),
        Make("thermal ramp", Rate(24), 5, TwoMinutes) with { Heat = new Heat(at => 35 + (30 * Math.Min(1, at / 60)), [44, 34, 22], 15, 95, 2.2) },
        Make("memory pressure", Rate(22), 6) with { MemoryCap = at => at is > 15 and < 25 or > 40 and < 45 ? 1 : at is >= 25 and < 35 ? 2 : 0 },
        Make("noisy neighbour", Rate(24), 7) with { Slow = at => at is > 10 and < 25 ? 2.5 : at is > 40 and < 42 ? 1.8 : 1 },
        Offloading("wifi", Rate(60), 8) with { Bandwidth = at => Trace(at, 8, 1, 4e6, 1.5e6) * (at % 17 < 0.7 ? 0 : 1), RoundTrip = static at => 0.01 + (0.01 * Noise(at, 8, 0.3)) },
        Offloading("lte", Rate(45), 9, deadline: 0.6) with { Bandwidth = at => Trace(at, 9, 3, 1e6, 8e5), RoundTrip = static at => 0.05 + (0.05 * Noise(at, 9, 0.5)) },
        Offloading("server lost", Rate(60), 10) with { IsServerUp = at => at is < 20 or > 38 },
        Offloading("lying beacon", Rate(60), 11) with { ServerWait = at => at is > 15 and < 40 ? 0.3 : 0.005, BeaconWait = static _ => 0.005 },
        Offloading("busy server", Rate(60), 12) with { ServerWait = at => 0.15 * (1 + Math.Sin(at / 3)) },
        Make("floors and tight deadlines", Rate(40), 13, floors: [0, 0, 0.97, 1], deadline: 0.15),
        Offloading("flapping link", Rate(50), 14) with { Bandwidth = at => at % 10 is > 6 and < 8 ? 0 : 3e6 },
        Make("a quarter of a core", Rate(18), 15, offload: true, deadline: 1.2, rungs: Heavy, bytes: 150e3) with { Bandwidth = static _ => 4e6, ServerService = 0.02 },
        Offloading("all at once", at => at % 20 < 6 ? 90 : 30, 16) with
        {
            Slow = at => at is > 12 and < 20 ? 1.8 : 1,
            MemoryCap = at => at is > 25 and < 35 ? 1 : 0,
            Bandwidth = at => Trace(at, 16, 2, 2e6, 1.2e6),
            IsServerUp = at => at is < 40 or > 48,
        },
    ];

    private static Func<double, double> Rate(double perSecond) => _ => perSecond;

    private static Scenario Offloading(string name, Func<double, double> rate, int seed, double deadline = 0.35) => Make(name, rate, seed, offload: true, deadline: deadline);

    private static Scenario Make(string name, Func<double, double> rate, int seed, double duration = Minute, bool offload = false, double deadline = 0.35,
        IReadOnlyList<double>? floors = null, Rung[]? rungs = null, double bytes = 60e3) => new()
        {
            Name = name,
            Duration = duration,
            Rungs = rungs ?? Usual,
            Requests = new Arrivals { Rate = rate, Duration = duration, Seed = seed, Deadline = deadline, MayOffload = offload, Floors = floors ?? [0], Bytes = bytes }.Make(),
        };

    /// <summary>A bandwidth that wanders about its middle.</summary>
    private static double Trace(double at, int seed, double period, double middle, double swing) => Math.Max(1e4, middle + (swing * ((2 * Noise(at, seed, period)) - 1)));

    /// <summary>Between 0 and 1; smooth over a period, and without a memory beyond.</summary>
    private static double Noise(double at, int seed, double period)
    {
        double place = at / period, within = place - Math.Floor(place), weight = within * within * (3 - (2 * within));
        return ((1 - weight) * Hash((long)Math.Floor(place), seed)) + (weight * Hash((long)Math.Floor(place) + 1, seed));
    }

    private static double Hash(long place, int seed)
    {
        ulong mixed = ((ulong)place * 0x9E3779B97F4A7C15) ^ ((ulong)seed * 0xBF58476D1CE4E5B9);
        mixed = (mixed ^ (mixed >> 31)) * 0x94D049BB133111EB;
        return (mixed >> 11) / (double)(1UL << 53);
    }
}
