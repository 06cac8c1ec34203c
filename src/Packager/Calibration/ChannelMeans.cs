namespace EdgeRuntime.Packaging.Calibration;

/// <summary>The mean of each channel (axis 1) of a value, over all samples.</summary>
internal sealed class ChannelMeans
{
    private double[] _sums = [];
    private long _count;

    /// <summary>Empty where the value never had channels, or not always as many.</summary>
    public double[] Means => [.. _sums.Select(sum => sum / _count)];

    /// <param name="values">[n, channels, ...].</param>
    /// <param name="shape">Theirs.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        if (shape.Length < 3 || values.IsEmpty) return;
        var (channels, plane) = ((int)shape[1], values.Length / (int)(shape[0] * shape[1]));
        if (_count == 0) _sums = new double[channels];
        if (_sums.Length != channels)
        {
            _sums = [];
            return;
        }
        for (var at = 0; at < values.Length; at += plane) _sums[at / plane % channels] += ValueScan.Sum(values.Slice(at, plane));
        _count += shape[0] * plane;
    }
}
