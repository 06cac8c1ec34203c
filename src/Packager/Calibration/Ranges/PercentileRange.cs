using System.Globalization;

namespace EdgeRuntime.Packaging.Calibration.Ranges;

/// <summary>
/// What a part of all that was seen is within: of what may be cut off, half at either end, and all of it at the one end where there is only one.
/// Limits are those of bins, rounded outwards.
/// </summary>
/// <param name="percent">Of <see cref="Least"/> to <see cref="All"/>; decimal, since a count is rounded down by it.</param>
internal sealed class PercentileRange(decimal percent) : IRangeMethod
{
    public const string MethodName = "percentile";
    public const decimal Default = 99.99m, Least = 50, All = 100;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{MethodName}:{percent}");

    public ValueRange Of(ValueHistogram histogram, bool symmetric)
    {
        var whole = ValueRange.Of(histogram, symmetric);
        if (histogram.IsZero) return whole;
        var bins = histogram.Bins.ToList();
        var cut = (long)(bins.Sum(bin => bin.Count) * (All - percent) / All);
        if (symmetric) return ValueRange.Around(Math.Min(whole.High, Limit(bins.Select(bin => (Math.Abs(bin.Middle), bin.Count)), cut, histogram.Width)));
        var each = whole.Low < 0 && whole.High > 0 ? cut / 2 : cut;
        var low = Math.Max(whole.Low, -Limit(bins.Select(bin => (-bin.Middle, bin.Count)), each, histogram.Width));
        var high = Math.Min(whole.High, Limit(bins, each, histogram.Width));
        return low < high ? new ValueRange(low, high) : whole; // where nothing but 0 is left: a range of nothing has no steps
    }

    /// <summary>The upper edge of the bin in which what may be cut off runs out; not below 0.</summary>
    private static double Limit(IEnumerable<(double Middle, long Count)> bins, long cut, double width)
    {
        foreach (var (middle, count) in bins.OrderByDescending(bin => bin.Middle))
            if ((cut -= count) < 0) return Math.Max(0, middle + width / 2);
        throw new ArgumentOutOfRangeException(nameof(cut), "more would be cut off than there is");
    }
}
