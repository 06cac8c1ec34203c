using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>95 % intervals, the same for the same scores.</summary>
internal static class Intervals
{
    private const double Z = 1.959963984540054;
    private const int Resamples = 1000;
    private const ulong Seed = 1;

    /// <summary>Wilson's (1927) interval of a share; right at the ends, where the normal one is empty.</summary>
    public static (double Low, double High) Wilson(double successes, double trials)
    {
        if (trials <= 0) return (0, 1);
        double share = successes / trials, z2 = Z * Z;
        var centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
        var half = Z / (1 + z2 / trials) * Math.Sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>The percentile bootstrap (Efron 1979) over samples.</summary>
    public static (double Low, double High) Bootstrap(IReadOnlyList<SampleScore> scores)
    {
        var random = new SplitMix(Seed);
        var values = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            double gained = 0, possible = 0;
            for (var drawn = 0; drawn < scores.Count; drawn++)
            {
                var score = scores[random.NextBelow(scores.Count)];
                (gained, possible) = (gained + score.Gained, possible + score.Possible);
            }
            values[i] = possible > 0 ? gained / possible : 0;
        }
        Array.Sort(values);
        return (values[(int)(0.025 * Resamples)], values[(int)(0.975 * Resamples) - 1]);
    }
}
