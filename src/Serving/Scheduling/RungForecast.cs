namespace EdgeRuntime.Serving.Scheduling;

/// <summary>What a lane knows of the runs of one rung. Not thread-safe: kept under its queue's lock.</summary>
internal sealed class RungForecast(RungFacts facts, BatchPolicy batching)
{
    private const double Gain = 1 / 8.0;
    private const int Trials = 3;

    private int _runs;

    /// <summary>What the bundle says of it.</summary>
    public RungFacts Facts { get; set; } = facts;

    public ServiceTime Costs { get; } = new();

    public BatchPolicy Batching { get; } = batching;

    /// <summary>By how much the device was slowed at its last run; the costs are of that moment.</summary>
    public double Slowed { get; set; } = 1;

    /// <summary>How much of a run is the model's, by which another rung differs; the rest is reading and writing.</summary>
    public double Part { get; private set; } = 1;

    /// <summary>Whether it was run often enough to be relied on; before, it is known by its neighbours and its bundle alone.</summary>
    public bool IsTried => _runs >= Trials;

    /// <summary>Learns from a run of so long, of which the model took so much.</summary>
    public void Ran(long computed, long duration)
    {
        double part = duration > 0 ? Math.Clamp((double)computed / duration, 0, 1) : 1;
        Part = _runs == 0 ? part : Part + ((part - Part) * Gain);
        _runs = Math.Min(_runs + 1, Trials);
    }
}

/// <summary>A rung as its bundle describes it.</summary>
/// <param name="Id">The variant's.</param>
/// <param name="Quality">Relative to the fp32 parent.</param>
/// <param name="Seconds">What a run takes by the bundle, which against the other rungs tells what is expected of one that was never run here; 0 where it does not say.</param>
internal readonly record struct RungFacts(string Id, double Quality, double Seconds);
