namespace EdgeRuntime.Serving.Degradation;

/// <summary>
/// How much longer things take at present than was expected of them: one factor for a whole device, link or server, so that what one request has
/// met is known to all others within a few (ALERT, Wan et al. 2020). A scalar Kalman filter whose drift adapts: quick when the factor jumps,
/// steady when only single runs scatter. A value: whoever holds it guards it.
/// </summary>
internal struct Pace
{
    private const double LeastDrift = 1e-4, LeastNoise = 4e-4, Forgetting = 0.7, NoiseGain = 0.05, Largest = 50;

    private double _spread, _drift, _noise;

    /// <summary>The factor; 1 as expected.</summary>
    public double Mean { get; private set; }

    /// <summary>Variance of the factor itself: what is not known of it.</summary>
    public readonly double Spread => _spread;

    /// <summary>Variance of one run about it.</summary>
    public readonly double Noise => _noise;

    /// <summary>What is known before anything was measured: as expected, within a tenth.</summary>
    public static Pace AsExpected => new() { Mean = 1, _spread = 0.01, _drift = LeastDrift, _noise = 0.0025 };

    /// <summary>One as it once was, to tell by it what it told then.</summary>
    public static Pace At(double mean, double spread, double noise) => new() { Mean = mean, _spread = spread, _drift = LeastDrift, _noise = noise };

    /// <param name="measured">What something took; positive.</param>
    /// <param name="expected">What was expected of it, in the same unit; positive.</param>
    public void Learn(double measured, double expected)
    {
        double error = Math.Min(measured / expected, Largest) - Mean;
        double before = _spread + _drift;
        double gain = before / (before + _noise);
        // An error that neither the spread nor the noise explains is a jump.
        _drift = Math.Max(LeastDrift, (Forgetting * _drift) + ((1 - Forgetting) * gain * error * gain * error));
        double unexplained = (error * error) - before;
        if (unexplained < 9 * (before + _noise)) _noise = Math.Max(LeastNoise * Mean * Mean, _noise + (NoiseGain * (Math.Max(0, unexplained) - _noise)));
        Mean += gain * error;
        _spread = (1 - gain) * before;
    }

    /// <summary>Something takes longer already than it should: it is at least as slow as that.</summary>
    public void LearnStillGoing(double elapsed, double expected)
    {
        if (elapsed / expected > Mean) Learn(elapsed, expected);
    }

    /// <summary>What some work takes, in its unit, but for one case in so many.</summary>
    /// <param name="work">What is expected of it, all together.</param>
    /// <param name="squares">The sum of the squares of its parts, each with its own luck.</param>
    /// <param name="deviations">Standard deviations of caution; 3 misses one in 700.</param>
    public readonly double Safe(double work, double squares, double deviations) =>
        (Mean * work) + (deviations * Math.Sqrt((_spread * work * work) + (_noise * squares)));
}
