namespace EdgeRuntime.Packaging.Calibration.Ranges;

/// <summary>All that was seen.</summary>
internal sealed class MinMaxRange : IRangeMethod
{
    public const string MethodName = "minmax";

    public string Name => MethodName;

    public ValueRange Of(ValueHistogram histogram, bool symmetric) => ValueRange.Of(histogram, symmetric);
}
