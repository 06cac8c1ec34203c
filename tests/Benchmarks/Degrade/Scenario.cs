using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>What a device, its network and its server do over time, and who asks. Functions of the time in seconds; the truth, which no policy but the oracle sees.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }

    public required double Duration { get; init; }

    /// <summary>Best quality first.</summary>
    public required IReadOnlyList<Rung> Rungs { get; init; }

    public required IReadOnlyList<SimRequest> Requests { get; init; }

    /// <summary>How much slower than profiled the device is, heat apart.</summary>
    public Func<double, double> Slow { get; init; } = static _ => 1;

    /// <summary>The best rung that there is memory for; a run above it ends the process.</summary>
    public Func<double, int> MemoryCap { get; init; } = static _ => 0;

    public Heat? Heat { get; init; }

    /// <summary>Of the way up, bytes per second; 0 while it is down.</summary>
    public Func<double, double> Bandwidth { get; init; } = static _ => 2e6;

    public Func<double, double> RoundTrip { get; init; } = static _ => 0.02;

    public Func<double, bool> IsServerUp { get; init; } = static _ => true;

    /// <summary>What others make a request wait at the server.</summary>
    public Func<double, double> ServerWait { get; init; } = static _ => 0.005;

    public double ServerService { get; init; } = 0.01;

    /// <summary>What the server's beacon says of its wait, where it does not say the truth.</summary>
    public Func<double, double>? BeaconWait { get; init; }

    public double ServerQuality { get; init; } = 1;
}

/// <summary>A device that warms up: each rung has the temperature that running it all the time leads to.</summary>
/// <param name="Ambient">Degrees Celsius, over time.</param>
/// <param name="Rise">Of each rung, degrees above ambient.</param>
/// <param name="TimeConstant">Seconds.</param>
/// <param name="Limit">Where the kernel throttles, until it is four degrees cooler.</param>
/// <param name="Throttled">The factor then.</param>
internal sealed record Heat(Func<double, double> Ambient, IReadOnlyList<double> Rise, double TimeConstant, double Limit, double Throttled);
