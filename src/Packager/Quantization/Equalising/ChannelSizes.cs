namespace EdgeRuntime.Packaging.Quantization.Equalising;

/// <summary>Of each channel (axis 1) of a value, the largest magnitude and the mean square over what was seen.</summary>
internal sealed class ChannelSizes
{
    private double[] _squares = [];
    private long _count;

    /// <summary>Empty where nothing was seen.</summary>
    public float[] Largest { get; private set; } = [];

    public double[] MeanSquares => [.. _squares.Select(sum => sum / _count)];

    /// <param name="values">[n, channels, ...].</param>
    /// <param name="shape">Theirs.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        if (values.IsEmpty) return;
        var (channels, plane) = ((int)shape[1], values.Length / (int)(shape[0] * shape[1]));
        if (_count == 0) (Largest, _squares) = (new float[channels], new double[channels]);
        for (var at = 0; at < values.Length; at += plane) AddPlane(values.Slice(at, plane), at / plane % channels);
        _count += shape[0] * plane;
    }

    private void AddPlane(ReadOnlySpan<float> values, int channel)
    {
        double squares = 0;
        var largest = Largest[channel];
        foreach (var value in values)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
            squares += value * (double)value;
        }
        (Largest[channel], _squares[channel]) = (largest, _squares[channel] + squares);
    }
}
