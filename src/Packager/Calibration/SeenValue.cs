using EdgeRuntime.Packaging.Calibration.Ranges;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>What was seen of a value over all samples.</summary>
/// <param name="method">Chooses its range.</param>
internal sealed class SeenValue(IRangeMethod method)
{
    private ValueRange? _range, _symmetric;

    public IRangeMethod Method => method;

    public ValueHistogram Histogram { get; private init; } = new();

    public ChannelMeans Channels { get; private init; } = new();

    /// <summary>How many elements there were, over all samples.</summary>
    public long Elements { get; private set; }

    /// <summary>The same value, whose range another method chooses; nothing may be added to either any more.</summary>
    public SeenValue By(IRangeMethod other) => new(other) { Histogram = Histogram, Channels = Channels, Elements = Elements };

    /// <summary>Chosen when it is first asked for, after all samples: attempts at a variant ask again and again.</summary>
    public ValueRange Range(bool symmetric) => symmetric ? _symmetric ??= method.Of(Histogram, symmetric) : _range ??= method.Of(Histogram, symmetric);

    /// <returns>False where there is a NaN or an infinity among the values.</returns>
    public bool TryAdd(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        if (!Histogram.TryAdd(values)) return false;
        Channels.Add(values, shape);
        Elements += values.Length;
        (_range, _symmetric) = (null, null);
        return true;
    }
}
