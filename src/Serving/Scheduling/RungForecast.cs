namespace EdgeRuntime.Serving.Scheduling;

/// <summary>What a lane knows of the runs of one rung. Not thread-safe: kept under its queue's lock.</summary>
internal sealed class RungForecast(RungFacts facts, BatchPolicy batching)
{
    private const int Trials = 3;

    private int _runs;
    private Estimate _rest; // of a run that is not the model's

    /// <summary>What the bundle says of it.</summary>
    public RungFacts Facts { get; set; } = facts;

    public ServiceTime Costs { get; } = new();

    public BatchPolicy Batching { get; } = batching;

    /// <summary>By how much the device was slowed at its last run; the costs are of that moment.</summary>
    public double Slowed { get; set; } = 1;

    /// <summary>How much of a run is the model's, by which another rung differs; the rest is reading and writing.</summary>
    public double Part => 1 - _rest.Mean;

    /// <summary>Whether it was run often enough to be relied on; before, it is known by its neighbours and its bundle alone.</summary>
    public bool IsTried => _runs >= Trials;

    /// <summary>Learns from a run of so long, of which the model took so much.</summary>
    public void Ran(long computed, long duration)
    {
        if (duration > 0) _rest.Add(1 - Math.Clamp((double)computed / duration, 0, 1));
        _runs = Math.Min(_runs + 1, Trials);
    }
}

/// <summary>A rung as its bundle describes it.</summary>
/// <param name="Id">The variant's.</param>
/// <param name="Quality">Relative to the fp32 parent.</param>
/// <param name="Seconds">What a run takes by the bundle, which against the other rungs tells what is expected of one that was never run here; 0 where it does not say.</param>
internal readonly record struct RungFacts(string Id, double Quality, double Seconds);
