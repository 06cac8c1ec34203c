namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// A duration that is learned sample by sample: its mean and mean deviation, as TCP learns round trips (RFC 6298). Quick to learn that things got
/// slower, since promises hang on it. In the clock's units. A value: whoever holds it guards it.
/// </summary>
internal struct Estimate
{
    private const double Gain = 1 / 8.0, GainUpwards = 1 / 4.0, GainOfDeviation = 1 / 4.0;
    private const int ColdRuns = 3;

    private int _samples;

    public double Mean { get; private set; }

    public double Deviation { get; private set; }

    public readonly bool IsKnown => _samples > 0;

    /// <summary>Whether there were enough samples to compare it with another.</summary>
    public readonly bool IsSettled => _samples >= ColdRuns;

    public void Add(double sample)
    {
        // The first runs of a session are slow and say little of the others, so the fastest of them counts.
        if (_samples < ColdRuns)
        {
            _samples++;
            Mean = Mean == 0 ? sample : Math.Min(Mean, sample);
            Deviation = Mean / 4;
            return;
        }
        double error = sample - Mean;
        Deviation += (Math.Abs(error) - Deviation) * GainOfDeviation;
        Mean += error * (error > 0 ? GainUpwards : Gain);
    }

    /// <summary>What so many of them one after the other take, and hardly ever more: deviations add up as the root of their number.</summary>
    public readonly double Safe(double count = 1) => count * Mean * Allowance + Caution * Deviation * Math.Sqrt(count);

    private const double Allowance = 1.05, Caution = 4;
}
