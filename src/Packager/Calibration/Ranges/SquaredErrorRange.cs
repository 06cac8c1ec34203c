namespace EdgeRuntime.Packaging.Calibration.Ranges;

// error(low, high) = sum over bins of n (x - clip(x))^2, and n step^2 / 12 for those within;  step = (high - low) / 255
/// <summary>The range whose 256 steps have the least squared error: values that are rare and far out are cut off where that serves the others.</summary>
internal sealed class SquaredErrorRange : IRangeMethod
{
    public const string MethodName = "mse";

    public string Name => MethodName;

    public ValueRange Of(ValueHistogram histogram, bool symmetric)
    {
        var whole = ValueRange.Of(histogram, symmetric);
        if (histogram.IsZero) return whole;
        var bins = histogram.Bins.ToArray();
        return RangeSearch.Find(whole, symmetric, range => Error(bins, range));
    }

    private static double Error((double Middle, long Count)[] bins, ValueRange range)
    {
        var (low, high) = range;
        var within = (high - low) / ValueRange.Steps * ((high - low) / ValueRange.Steps) / 12;
        double sum = 0;
        foreach (var (middle, count) in bins)
        {
            var cut = middle < low ? low - middle : middle > high ? middle - high : 0;
            sum += count * (cut > 0 ? cut * cut : within);
        }
        return sum;
    }
}
