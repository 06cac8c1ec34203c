using System.Runtime.Intrinsics;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>
/// Counts values in bins of equal width around 0. Most values of a network fall in a few bins, and an increment waits for the one before it in the
/// same bin: many values are counted in several copies of the bins, which are added up at the end.
/// </summary>
internal static class BinCounts
{
    private const int Lanes = 8, Copies = 4;

    /// <summary>From as many values on, copies pay for being cleared and added up.</summary>
    private const int Many = 8192;

    /// <param name="values">Finite; of a magnitude of at most half of the bins.</param>
    /// <param name="perWidth">1 / the width of a bin, a power of two: products with it are exact, and a value just below 0 is in the bin below 0.</param>
    /// <param name="counts">The bins; 0 is the lower end of the one in the middle.</param>
    public static void Add(ReadOnlySpan<float> values, float perWidth, Span<long> counts)
    {
        var whole = values.Length < Many ? 0 : values.Length / Lanes * Lanes;
        if (whole > 0) AddMany(values[..whole], perWidth, counts);
        foreach (var value in values[whole..]) counts[Math.Min((int)MathF.Floor(value * perWidth) + counts.Length / 2, counts.Length - 1)]++;
    }

    private static void AddMany(ReadOnlySpan<float> values, float perWidth, Span<long> counts)
    {
        Span<int> copies = stackalloc int[Copies * counts.Length], places = stackalloc int[Lanes];
        var (scale, last) = (Vector256.Create(perWidth), Vector256.Create(counts.Length - 1));
        var copy = Vector256.Create(0, 1, 2, 3, 0, 1, 2, 3) * counts.Length;
        for (; values.Length >= Lanes; values = values[Lanes..])
        {
            var bins = Vector256.ConvertToInt32Native(Vector256.Floor(Vector256.Create(values) * scale)) + Vector256.Create(counts.Length / 2);
            (Vector256.Min(bins, last) + copy).CopyTo(places);
            foreach (var place in places) copies[place]++;
        }
        for (var copied = 0; copied < Copies; copied++)
            for (var bin = 0; bin < counts.Length; bin++) counts[bin] += copies[copied * counts.Length + bin];
    }
}
