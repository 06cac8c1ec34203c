namespace EdgeRuntime.Serving.Metrics;

/// <summary>Counts values in the buckets of a scale. Recording is two atomic additions and allocates nothing. Thread-safe.</summary>
internal sealed class Histogram(HistogramScale scale)
{
    private readonly long[] _counts = new long[scale.Buckets];
    private long _sum;

    public HistogramScale Scale => scale;

    public long Sum => Interlocked.Read(ref _sum);

    public void Record(TimeSpan duration) => Record(duration.Ticks);

    public void Record(long value)
    {
        value = Math.Max(0, value);
        Interlocked.Increment(ref _counts[scale.BucketOf(value)]);
        Interlocked.Add(ref _sum, value);
    }

    /// <summary>Adds what each bucket holds now.</summary>
    public void AddTo(Span<long> counts)
    {
        for (int i = 0; i < _counts.Length; i++) counts[i] += Interlocked.Read(ref _counts[i]);
    }

    public long Count()
    {
        long count = 0;
        for (int i = 0; i < _counts.Length; i++) count += Interlocked.Read(ref _counts[i]);
        return count;
    }
}
