namespace EdgeRuntime.Serving.Metrics;

/// <summary>What histograms of one scale took since the last look, taken together. Keeps its arrays. One thread.</summary>
internal sealed class HistogramWindow(HistogramScale scale)
{
    private long[] _before = new long[scale.Buckets], _now = new long[scale.Buckets];
    private readonly long[] _taken = new long[scale.Buckets];
    private bool _isOpen;

    /// <summary>How many values there were.</summary>
    public long Count { get; private set; }

    /// <summary>Begins a look; each histogram is added to what it returns, then <see cref="Close"/> ends it.</summary>
    public Span<long> Open()
    {
        (_before, _now) = (_now, _before);
        Array.Clear(_now);
        _isOpen = true;
        return _now;
    }

    public void Close()
    {
        System.Diagnostics.Debug.Assert(_isOpen, "closed before it was opened");
        _isOpen = false;
        Count = 0;
        for (int i = 0; i < _taken.Length; i++)
        {
            _taken[i] = Math.Max(0, _now[i] - _before[i]); // less than before: a series of a version out of service was forgotten
            Count += _taken[i];
        }
    }

    /// <summary>An estimate, straight between the bounds of the bucket that it lies in; 0 where there were no values.</summary>
    public double Quantile(double share)
    {
        double rank = share * Count;
        long below = 0;
        for (int i = 0; i < _taken.Length; i++)
        {
            if (_taken[i] > 0 && below + _taken[i] >= rank) return Within(i, (rank - below) / _taken[i]);
            below += _taken[i];
        }
        return 0;
    }

    private double Within(int bucket, double part)
    {
        double low = bucket == 0 ? 0 : scale.Bounds[bucket - 1];
        return bucket == scale.Bounds.Length ? low : low + part * (scale.Bounds[bucket] - low);
    }
}
