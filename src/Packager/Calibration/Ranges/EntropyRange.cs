namespace EdgeRuntime.Packaging.Calibration.Ranges;

// D(P || Q) = sum over bins within of p log(p / q);  P: counts, what is cut off added to the outermost bins;  Q: the counts within, each level's shared out among its bins
/// <summary>
/// The range whose 256 levels tell most of how values are distributed: least Kullback-Leibler divergence (Migacz 2017, "8-bit inference with
/// TensorRT"), for limits that need not be alike. A range ends at bins that hold something, so that no q is 0.
/// </summary>
internal sealed class EntropyRange : IRangeMethod
{
    public const string MethodName = "entropy";

    private const int Levels = 256;

    public string Name => MethodName;

    public ValueRange Of(ValueHistogram histogram, bool symmetric)
    {
        var whole = ValueRange.Of(histogram, symmetric);
        if (histogram.IsZero) return whole;
        var (bins, width) = (Bins(histogram), histogram.Width);
        var best = RangeSearch.Find(whole, symmetric, range => Divergence(bins, range, width, symmetric));
        var (low, high) = Fitted(Kept(bins, best, width), width, symmetric);
        return new ValueRange(Math.Max(whole.Low, low), Math.Min(whole.High, high));
    }

    /// <summary>0 is exact whatever the range, and often so frequent (ReLU) that it would outweigh everything else: it counts no more than its neighbour.</summary>
    private static (double Middle, long Count)[] Bins(ValueHistogram histogram)
    {
        var all = histogram.Bins.ToArray();
        var zero = histogram.Width / 2;
        var beside = all.FirstOrDefault(bin => bin.Middle == 3 * zero).Count;
        var bins = all.Select(bin => bin with { Count = bin.Middle == zero ? Math.Min(bin.Count, beside) : bin.Count }).Where(bin => bin.Count > 0).ToArray();
        return bins.Length > 0 ? bins : all;
    }

    private static double Divergence((double Middle, long Count)[] bins, ValueRange range, double width, bool symmetric)
    {
        var kept = Kept(bins, range, width);
        if (kept.Length == 0) return double.PositiveInfinity;
        var shares = Shares(kept, Fitted(kept, width, symmetric));
        var (below, above) = (Count(bins, bin => bin < kept[0].Middle), Count(bins, bin => bin > kept[^1].Middle));
        double within = Count(kept, _ => true), all = below + within + above, sum = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            var p = (kept[i].Count + (i == 0 ? below : 0) + (i == kept.Length - 1 ? above : 0)) / all;
            sum += p * Math.Log(p / (shares[i] / within));
        }
        return sum;
    }

    /// <summary>Of each bin, what is known of its count when only that of its level is.</summary>
    private static double[] Shares((double Middle, long Count)[] bins, ValueRange range)
    {
        var levels = Array.ConvertAll(bins, bin => (int)Math.Clamp(Math.Round((bin.Middle - range.Low) / (range.High - range.Low) * (Levels - 1)), 0, Levels - 1));
        var (counts, members) = (new double[Levels], new int[Levels]);
        for (var i = 0; i < bins.Length; i++)
        {
            counts[levels[i]] += bins[i].Count;
            members[levels[i]]++;
        }
        return Array.ConvertAll(levels, level => counts[level] / members[level]);
    }

    /// <summary>Those that the range touches: of all that was seen, all of them.</summary>
    private static (double Middle, long Count)[] Kept((double Middle, long Count)[] bins, ValueRange range, double width) =>
        Array.FindAll(bins, bin => bin.Middle + width / 2 >= range.Low && bin.Middle - width / 2 <= range.High);

    /// <summary>As far as the bins reach, and 0.</summary>
    private static ValueRange Fitted((double Middle, long Count)[] bins, double width, bool symmetric)
    {
        double low = Math.Min(0, bins[0].Middle - width / 2), high = Math.Max(0, bins[^1].Middle + width / 2);
        return symmetric ? ValueRange.Around(Math.Max(-low, high)) : new ValueRange(low, high);
    }

    private static long Count((double Middle, long Count)[] bins, Func<double, bool> which)
    {
        long sum = 0;
        foreach (var (middle, count) in bins)
            if (which(middle)) sum += count;
        return sum;
    }
}
