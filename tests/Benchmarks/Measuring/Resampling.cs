namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>By how much a figure could have come out differently by chance: what it would be of other draws of the same rounds (the bootstrap).</summary>
internal static class Resampling
{
    private const int Draws = 1000;

    /// <summary>Where 95 % of the draws have the figure; the same each time.</summary>
    /// <param name="rounds">How many there are.</param>
    /// <param name="figure">Of the rounds that were drawn, some of them more than once.</param>
    public static (double Low, double High) Interval(int rounds, Func<IReadOnlyList<int>, double> figure)
    {
        var random = new Random(1);
        var figures = new double[Draws];
        var drawn = new int[rounds];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < rounds; i++) drawn[i] = random.Next(rounds);
            figures[draw] = figure(drawn);
        }
        Array.Sort(figures);
        return (figures[Draws / 40], figures[Draws - 1 - Draws / 40]);
    }
}
