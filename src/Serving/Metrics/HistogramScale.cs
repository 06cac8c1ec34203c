namespace EdgeRuntime.Serving.Metrics;

/// <summary>
/// The buckets of a histogram. They are finer than what Prometheus is shown, so that quantiles can be estimated from them; the bounds that are
/// shown are some of theirs. Immutable.
/// </summary>
internal sealed class HistogramScale
{
    // Preferred numbers R10 (ISO 3): ten bounds a decade, a quarter apart; 1, 2 and 5 are among them.
    private static readonly int[] Preferred = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800];
    private const int Decades = 7; // from 10 us to 80 s

    /// <summary>Durations in ticks, 10 us to 80 s; shown in seconds at 1, 2 and 5 of each decade from 100 us to 50 s.</summary>
    public static readonly HistogramScale Latency = new(
        [.. Enumerable.Range(0, Decades).SelectMany(decade => Preferred.Select(bound => bound * (long)Math.Pow(10, decade)))],
        bound => bound >= 100 * TimeSpan.TicksPerMicrosecond && bound <= 50 * TimeSpan.TicksPerSecond && bound.ToString()[0] is '1' or '2' or '5' && IsRound(bound),
        TimeSpan.TicksPerSecond);

    /// <summary>Requests of one run, in powers of two.</summary>
    public static readonly HistogramScale BatchSize = new([1, 2, 4, 8, 16, 32, 64, 128, 256], static _ => true, 1);

    private readonly long[] _bounds;

    private HistogramScale(long[] bounds, Func<long, bool> isShown, double unit)
    {
        (_bounds, Unit) = (bounds, unit);
        Shown = [.. Enumerable.Range(0, bounds.Length).Where(i => isShown(bounds[i]))];
    }

    /// <summary>Upper bounds, each within its bucket, ascending; one more bucket takes what is above the last.</summary>
    public ReadOnlySpan<long> Bounds => _bounds;

    /// <summary>Buckets, the one above the last bound included.</summary>
    public int Buckets => _bounds.Length + 1;

    /// <summary>Indices of the bounds that Prometheus is shown.</summary>
    public IReadOnlyList<int> Shown { get; }

    /// <summary>What a value is divided by to be shown.</summary>
    public double Unit { get; }

    public int BucketOf(long value)
    {
        int at = Bounds.BinarySearch(value);
        return at < 0 ? ~at : at;
    }

    private static bool IsRound(long bound)
    {
        while (bound % 10 == 0) bound /= 10;
        return bound < 10;
    }
}
