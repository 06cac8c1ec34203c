namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>The way up: one payload after the other, at the bandwidth of each moment.</summary>
internal static class Upload
{
    private const double Step = 0.02, Never = 1e9;

    /// <summary>When so many bytes are through that begin then.</summary>
    public static double End(Scenario scenario, double begin, double bytes)
    {
        double at = begin;
        while (at < scenario.Duration + 60)
        {
            double rate = scenario.Bandwidth(at), next = (Math.Floor((at / Step) + 1e-9) + 1) * Step;
            if (rate * (next - at) >= bytes) return at + (bytes / rate);
            (bytes, at) = (bytes - (rate * (next - at)), next);
        }
        return Never;
    }
}
