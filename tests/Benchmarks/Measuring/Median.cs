namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>Medians, which a busy neighbour moves least.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) throw new ArgumentException("the median of nothing", nameof(values));
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median of the rounds' ratios.</summary>
    public static double Ratio(IReadOnlyList<double> values, IReadOnlyList<double> reference) =>
        Of(values.Zip(reference, (value, against) => value / against));
}
