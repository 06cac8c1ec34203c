namespace EdgeRuntime.Offload.Execution;

/// <summary>
/// How many calls for one model may be under way, learned from what they take against the least that they took lately: where they take more than twice
/// that, they wait for each other and the limit falls by the gradient; else it rises by its square root, a queue that a server bears
/// (Netflix' concurrency-limits, after TCP Vegas, Brakmo et al. 1994). In seconds, on a clock that never goes back. Not thread-safe.
/// </summary>
internal sealed class ConcurrencyLimit(int most)
{
    private const double First = 4, Tolerance = 2, Smoothing = 0.2, LeastGradient = 0.5, AfterLoss = 0.75;
    private const double Window = 15; // seconds: a least that is older than two of them is forgotten

    private double _limit = Math.Min(First, most), _least = double.PositiveInfinity, _leastBefore = double.PositiveInfinity, _windowEnds, _cutAgainAt;

    public int Value => (int)_limit;

    /// <summary>The least that a call took lately; infinite where none was answered.</summary>
    public double Least => Math.Min(_least, _leastBefore);

    /// <param name="seconds">From sending to the answer.</param>
    /// <param name="underWay">Calls that were, this one among them.</param>
    /// <param name="now">The time.</param>
    public void Answered(double seconds, int underWay, double now)
    {
        Note(seconds, now);
        if (2 * underWay < _limit) return; // what is not used says nothing of what could be
        double gradient = Math.Clamp(Tolerance * Least / Math.Max(seconds, 1e-6), LeastGradient, 1);
        double next = (_limit * gradient) + Math.Sqrt(_limit);
        _limit = Math.Clamp(_limit + (Smoothing * (next - _limit)), 1, most);
    }

    /// <summary>A call was refused for want of room, or came too late. What was lost together counts once.</summary>
    /// <param name="seconds">Since it was sent.</param>
    /// <param name="now">The time.</param>
    public void Lost(double seconds, double now)
    {
        if (now < _cutAgainAt) return;
        _cutAgainAt = now + seconds;
        _limit = Math.Max(1, _limit * AfterLoss);
    }

    private void Note(double seconds, double now)
    {
        if (now >= _windowEnds) (_leastBefore, _least, _windowEnds) = (now >= _windowEnds + Window ? double.PositiveInfinity : _least, double.PositiveInfinity, now + Window);
        _least = Math.Min(_least, seconds);
    }
}
