namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// What came of the highest priority lately: a run cannot be ended for it, so runs of lower priority are kept short while such requests are about. Not
/// thread-safe: kept under its queue's lock.
/// </summary>
internal sealed class HigherPriority(long second)
{
    private const int Runs = 4; // of a lower priority that could follow each other within the time that the higher one has

    private int _priority = -1;
    private long _span, _seen;

    /// <param name="priority">Of a request that came, admitted or not.</param>
    /// <param name="span">The time that it has.</param>
    /// <param name="now">The time.</param>
    public void Arrived(int priority, long span, long now)
    {
        if (priority < _priority && !IsOver(now)) return;
        (_priority, _span, _seen) = (priority, span, now);
    }

    /// <summary>How long a run of that priority may take.</summary>
    public long LongestRun(int priority, long now) => priority < _priority && !IsOver(now) ? _span / Runs : long.MaxValue;

    private bool IsOver(long now) => now - _seen > second;
}
