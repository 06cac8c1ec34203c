namespace EdgeRuntime.Packaging.Calibration;

/// <summary>What was seen of a value over all samples.</summary>
internal sealed class SeenValue
{
    public ValueHistogram Histogram { get; } = new();

    public ChannelMeans Channels { get; } = new();
}
