namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>Finds the oracle's prices, window by window, over and over until none gets better.</summary>
internal static class Oracle
{
    private const double Window = 4;
    private const int MostSweeps = 4;
    private static readonly double[] Grid = [0, 0.3, 0.6, 1, 1.5, 2.5, 5, 20]; // of the ladder's steepest step

    public static Outcomes Of(Scenario scenario)
    {
        double steepest = scenario.Rungs.Zip(scenario.Rungs.Skip(1)).Select(step => (step.First.Quality - step.Second.Quality) / (step.First.Seconds - step.Second.Seconds)).DefaultIfEmpty(1).Max();
        var prices = new double[(int)Math.Ceiling(scenario.Duration / Window)];
        var best = Play(scenario, prices);
        foreach (var price in Grid) Improve(scenario, ref best, prices, price * steepest, 0, prices.Length);
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            double before = best.Utility;
            for (var at = 0; at < prices.Length; at++)
                foreach (var price in Grid) Improve(scenario, ref best, prices, price * steepest, at, 1);
            if (best.Utility <= before) break;
        }
        return best;
    }

    private static void Improve(Scenario scenario, ref Outcomes best, double[] prices, double price, int from, int count)
    {
        double[] before = prices[from..(from + count)];
        Array.Fill(prices, price, from, count);
        var outcome = Play(scenario, prices);
        if (outcome.Utility > best.Utility) best = outcome;
        else before.CopyTo(prices, from);
    }

    private static Outcomes Play(Scenario scenario, double[] prices)
    {
        var world = new World(scenario, new OraclePolicy([.. prices], Window));
        world.Play();
        return world.Outcomes;
    }
}
