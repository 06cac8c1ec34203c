namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>What became of the requests. Utility: quality where the answer was in time, 0 where it was refused, -5 where it was accepted and missed.</summary>
internal sealed class Outcomes
{
    private const double Miss = -5;

    public double Utility { get; private set; }

    public int Accepted { get; private set; }

    public int Missed { get; private set; }

    public int Refused { get; private set; }

    public void Refuse() => Refused++;

    /// <param name="quality">0 for no answer in time.</param>
    public void Settle(double quality)
    {
        Accepted++;
        if (quality <= 0) Missed++;
        Utility += quality > 0 ? quality : Miss;
    }
}
