namespace EdgeRuntime.Serving.Catalog;

/// <summary>
/// How long a broken model stays away: a second at first, twice as long each time that it proves to be broken, within limits and a fifth more or
/// less by chance. A model that was well for ten minutes begins anew. Thread-safe.
/// </summary>
internal sealed class QuarantineBackoff(TimeProvider time, Random chance)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(5), Well = TimeSpan.FromMinutes(10), Crash = TimeSpan.FromSeconds(30);
    private const double Spread = 0.2;

    private readonly Lock _gate = new();
    private int _level;
    private long? _last;

    /// <param name="isProven">Whether the model itself is at fault, and not only what it was asked: it makes the next time longer.</param>
    public TimeSpan Next(bool isProven)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_last is { } last && time.GetElapsedTime(last, now) > Well) _level = 0;
            _last = now;
            var wait = TimeSpan.FromSeconds(Math.Min(First.TotalSeconds * Math.Pow(2, _level), Longest.TotalSeconds));
            if (isProven && wait < Longest) _level++;
            return Spread_NeedsLock(wait);
        }
    }

    /// <summary>How long a model stays away that is suspected of having ended the process.</summary>
    /// <param name="again">How often since it was suspected first.</param>
    public TimeSpan AfterCrash(int again)
    {
        lock (_gate) return Spread_NeedsLock(TimeSpan.FromSeconds(Math.Min(Crash.TotalSeconds * Math.Pow(2, again), Longest.TotalSeconds)));
    }

    private TimeSpan Spread_NeedsLock(TimeSpan wait) => wait * (1 - Spread + (2 * Spread * chance.NextDouble()));
}
