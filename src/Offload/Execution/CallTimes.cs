namespace EdgeRuntime.Offload.Execution;

/// <summary>
/// What calls for one model take: mean and mean deviation as TCP keeps its round trips (RFC 6298). The first one finds everything cold and stands only until
/// the second is in. In seconds. Not thread-safe.
/// </summary>
internal sealed class CallTimes
{
    private const double Silence = 1, Margin = 1.5, Grace = 0.05, Caution = 4;
    private const double MeanGain = 1 / 8.0, DeviationGain = 1 / 4.0;

    private int _calls;

    public bool IsKnown => _calls > 0;

    public double Mean { get; private set; }

    public double Deviation { get; private set; }

    /// <summary>When it was learned from last; long ago where it never was.</summary>
    public double MeasuredAt { get; private set; } = double.NegativeInfinity;

    /// <summary>Seconds after which a call is later than all but few; one second at least while it is not known what is usual. What is slow is not silent.</summary>
    public double Late => _calls < 2 ? Math.Max(Silence, (Margin * Mean) + Grace) : (Margin * Within(Caution)) + Grace;

    /// <summary>What a call takes, with so many deviations of caution.</summary>
    public double Within(double deviations) => Mean + (deviations * Deviation);

    public void Learn(double seconds, double now)
    {
        MeasuredAt = now;
        if (_calls < int.MaxValue) _calls++;
        if (_calls == 1 || (_calls == 2 && seconds < Mean)) (Mean, Deviation) = (seconds, seconds / 2);
        else
        {
            Deviation += DeviationGain * (Math.Abs(seconds - Mean) - Deviation);
            Mean += MeanGain * (seconds - Mean);
        }
    }

    /// <summary>A call takes longer already: it is at least as slow as that.</summary>
    public void LearnStillGoing(double elapsed, double now)
    {
        if (IsKnown && elapsed > Mean) Learn(elapsed, now);
    }
}
