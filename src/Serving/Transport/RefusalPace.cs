namespace EdgeRuntime.Serving.Transport;

/// <summary>
/// How long a refusal may be kept back to leave together with others: where there are many, to send each by itself takes more from what is served than a
/// moment is worth to whoever is refused. One caller at a time.
/// </summary>
/// <param name="second">Of the clock.</param>
internal sealed class RefusalPace(long second)
{
    private const double Many = 500; // in a second: some 5 % of a core, each by itself
    private const double Memory = 0.05; // seconds

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private double _recent;
    private long _last;

    /// <summary>Another one at that time.</summary>
    public TimeSpan Next(long now)
    {
        _recent = 1 + (_recent * Math.Exp((_last - now) / (Memory * second)));
        _last = now;
        return _recent > Many * Memory ? Moment : TimeSpan.Zero;
    }
}
