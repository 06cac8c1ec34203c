namespace EdgeRuntime.Packaging.Calibration;

/// <summary>What a value is between; 0 is always within.</summary>
internal readonly record struct ValueRange(double Low, double High)
{
    /// <summary>From the lowest to the highest of 256 levels.</summary>
    public const double Steps = 255;

    /// <summary>All that was seen, and 0; of a value that was never anything else, a range that is not empty.</summary>
    /// <param name="histogram">Of the value.</param>
    /// <param name="symmetric">Whether both limits must be alike.</param>
    public static ValueRange Of(ValueHistogram histogram, bool symmetric)
    {
        if (histogram.IsZero) return new ValueRange(symmetric ? -1 : 0, 1);
        double low = Math.Min(0, histogram.Least), high = Math.Max(0, histogram.Most);
        return symmetric ? Around(Math.Max(-low, high)) : new ValueRange(low, high);
    }

    public static ValueRange Around(double limit) => new(-limit, limit);
}
