namespace EdgeRuntime.Serving.Degradation;

/// <summary>The normal distribution.</summary>
internal static class Normal
{
    /// <summary>The chance of a value below so many standard deviations; off by less than 1e-7 (Abramowitz and Stegun 26.2.17).</summary>
    public static double Below(double deviations)
    {
        double t = 1 / (1 + (0.2316419 * Math.Abs(deviations)));
        double tail = Math.Exp(-deviations * deviations / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return deviations > 0 ? 1 - tail : tail;
    }
}
