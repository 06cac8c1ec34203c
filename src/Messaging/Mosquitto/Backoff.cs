namespace EdgeRuntime.Messaging;

/// <summary>
/// How long to wait before the next attempt: a ceiling that doubles from the minimum to the maximum, and chance between half of it and all of
/// it, so that devices that lost the same broker do not come back together. Used by one thread.
/// </summary>
internal sealed class Backoff(TimeSpan minimum, TimeSpan maximum, Random jitter)
{
    private int _doublings;

    private TimeSpan Ceiling => minimum * Math.Pow(2, _doublings) is var ceiling && ceiling < maximum ? ceiling : maximum;

    internal TimeSpan Next()
    {
        var wait = Ceiling * (0.5 + jitter.NextDouble() / 2);
        if (Ceiling < maximum) _doublings++;
        return wait;
    }

    /// <summary>Begins anew after a connection that outlasted the wait to come; one that is lost at once counts as a failed attempt.</summary>
    internal void Connected(TimeSpan lasted)
    {
        if (lasted > Ceiling) _doublings = 0;
    }
}
