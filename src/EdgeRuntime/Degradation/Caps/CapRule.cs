namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>
/// One reason for which a ladder is capped, with a cap of its own, so that one that is well again does not lift what another one holds. It allocates
/// nothing at a look that changes nothing. Not thread-safe.
/// </summary>
internal abstract class CapRule(TimeSpan dwell)
{
    private const int Patience = 8;

    /// <summary>What it looks at, as metrics name it.</summary>
    public abstract string Name { get; }

    /// <summary>The best rung that this rule allows.</summary>
    public int Value => Cap.Value;

    /// <summary>Whether the smallest rung is too much as well.</summary>
    public bool IsBeyond { get; private set; }

    /// <summary>Why it caps, with values and limits as they were when it last changed something; empty where it does not.</summary>
    public string Reason { get; private set; } = "";

    protected LadderCap Cap { get; } = new(1, dwell.TotalSeconds, Patience);

    /// <param name="situation">What is known.</param>
    /// <param name="now">Seconds, on a clock that never goes back.</param>
    public void Look(in Situation situation, double now)
    {
        var (value, wasBeyond) = (Value, IsBeyond);
        Cap.Fit(situation.Ladder.Count);
        bool wasLast = Cap.IsLast;
        var verdict = Judge(situation, now);
        if (verdict == Verdict.Well) Cap.Raise(now);
        else Cap.Hold(now);
        // A smaller rung that was taken just now has to show first what it is good for.
        IsBeyond = verdict == Verdict.Danger && wasLast && Cap.IsLast;
        if (Value == value && IsBeyond == wasBeyond) return;
        Reason = Value == 0 && !IsBeyond ? "" : Describe(situation, verdict);
    }

    /// <summary>Moves the cap down where that is needed.</summary>
    protected abstract Verdict Judge(in Situation situation, double now);

    /// <summary>Names the thing, its value and its limit.</summary>
    protected abstract string Describe(in Situation situation, Verdict verdict);
}
