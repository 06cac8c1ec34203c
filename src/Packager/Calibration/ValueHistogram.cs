namespace EdgeRuntime.Packaging.Calibration;

/// <summary>
/// How often a value had which magnitude, in bins of equal width around 0. The width is a power of two and doubles when a value is out of
/// reach, which merges bins exactly: what comes out does not depend on the order of what went in.
/// </summary>
internal sealed class ValueHistogram
{
    private const int Side = 2048;

    private readonly long[] _counts = new long[2 * Side];
    private double _width;

    public float Least { get; private set; } = float.PositiveInfinity;

    public float Most { get; private set; } = float.NegativeInfinity;

    /// <summary>Nothing but 0 was seen, or nothing at all.</summary>
    public bool IsZero => !(Least < 0 || Most > 0);

    /// <summary>Of a bin.</summary>
    public double Width => _width;

    /// <summary>The middles of the bins that hold something, in ascending order, and how much they hold.</summary>
    public IEnumerable<(double Middle, long Count)> Bins
    {
        get
        {
            for (var bin = 0; bin < _counts.Length; bin++)
                if (_counts[bin] > 0) yield return ((bin - Side + 0.5) * _width, _counts[bin]);
        }
    }

    /// <returns>False where there is a NaN or an infinity among the values; nothing of them is counted then.</returns>
    public bool TryAdd(ReadOnlySpan<float> values)
    {
        float least = Least, most = Most;
        if (!ValueScan.TryReach(values, ref least, ref most)) return false;
        (Least, Most) = (least, most);
        Reach(Math.Max(Math.Abs(Least), Math.Abs(Most)));
        BinCounts.Add(values, (float)(1 / _width), _counts);
        return true;
    }

    private void Reach(double magnitude)
    {
        if (_width == 0) _width = double.Exp2(-40);
        while (magnitude > Side * _width) Double();
    }

    private void Double()
    {
        _width *= 2;
        var merged = new long[_counts.Length];
        for (var bin = 0; bin < _counts.Length; bin++)
            if (_counts[bin] > 0) merged[(int)Math.Floor((bin - Side) / 2.0) + Side] += _counts[bin];
        merged.CopyTo(_counts, 0);
    }
}
