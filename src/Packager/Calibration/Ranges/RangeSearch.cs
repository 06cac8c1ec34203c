namespace EdgeRuntime.Packaging.Calibration.Ranges;

/// <summary>Tries narrower ranges: both limits together first, then each alone, since what is rare and far out is often at one side.</summary>
internal static class RangeSearch
{
    private const int Steps = 64;
    private const double Smallest = 1.0 / Steps;

    /// <param name="whole">What was seen.</param>
    /// <param name="symmetric">Whether both limits must be alike.</param>
    /// <param name="cost">Of a range.</param>
    /// <returns>The one that costs least; of those that are alike, the widest.</returns>
    public static ValueRange Find(ValueRange whole, bool symmetric, Func<ValueRange, double> cost)
    {
        var (low, high) = whole;
        var share = Best(part => cost(new ValueRange(low * part, high * part)));
        var range = new ValueRange(low * share, high * share);
        if (symmetric || low == 0 || high == 0) return range;
        range = range with { High = high * Best(part => cost(range with { High = high * part })) };
        return range with { Low = low * Best(part => cost(range with { Low = low * part })) };
    }

    private static double Best(Func<double, double> cost)
    {
        double best = 1, least = double.PositiveInfinity;
        for (double part = 1; part >= Smallest; part -= Smallest)
            if (cost(part) is var one && one < least) (best, least) = (part, one);
        return best;
    }
}
