namespace EdgeRuntime.Packaging.Calibration;

/// <summary>What a value is between; 0 is always within.</summary>
internal readonly record struct ValueRange(double Low, double High);

// error(low, high) = sum over bins of n (x - clip(x))^2, and n step^2 / 12 for those within;  step = (high - low) / 255
/// <summary>Finds the range whose 256 steps have the least squared error: values that are rare and far out are cut off where that serves the others.</summary>
internal static class RangeSearch
{
    private const int Steps = 64;
    private const double Smallest = 1.0 / Steps, Levels = 255;

    /// <param name="histogram">Of a value.</param>
    /// <param name="symmetric">Whether both limits must be alike.</param>
    public static ValueRange Of(ValueHistogram histogram, bool symmetric)
    {
        var bins = histogram.Bins.ToArray();
        double low = Math.Min(0, histogram.Least), high = Math.Max(0, histogram.Most);
        if (bins.Length == 0 || low == high) return new ValueRange(0, 1);
        if (symmetric) (low, high) = (-Math.Max(-low, high), Math.Max(-low, high));
        var share = Best(part => Error(bins, low * part, high * part));
        var range = new ValueRange(low * share, high * share);
        if (symmetric || low == 0 || high == 0) return range;
        range = range with { High = high * Best(part => Error(bins, range.Low, high * part)) };
        return range with { Low = low * Best(part => Error(bins, low * part, range.High)) };
    }

    private static double Best(Func<double, double> error)
    {
        double best = 1, least = double.PositiveInfinity;
        for (double part = 1; part >= Smallest; part -= Smallest) // the widest of those that are alike
            if (error(part) is var one && one < least) (best, least) = (part, one);
        return best;
    }

    private static double Error((double Middle, long Count)[] bins, double low, double high)
    {
        var within = (high - low) / Levels * ((high - low) / Levels) / 12;
        double sum = 0;
        foreach (var (middle, count) in bins)
        {
            var cut = middle < low ? low - middle : middle > high ? middle - high : 0;
            sum += count * (cut > 0 ? cut * cut : within);
        }
        return sum;
    }
}
