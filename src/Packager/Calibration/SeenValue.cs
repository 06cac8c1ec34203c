namespace EdgeRuntime.Packaging.Calibration;

/// <summary>What was seen of a value over all samples.</summary>
internal sealed class SeenValue
{
    public ValueHistogram Histogram { get; } = new();

    public ChannelMeans Channels { get; } = new();

    /// <summary>How many elements there were, over all samples.</summary>
    public long Elements { get; private set; }

    /// <returns>False where there is a NaN or an infinity among the values.</returns>
    public bool TryAdd(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        if (!Histogram.TryAdd(values)) return false;
        Channels.Add(values, shape);
        Elements += values.Length;
        return true;
    }
}
