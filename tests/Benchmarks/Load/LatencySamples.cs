namespace EdgeRuntime.Benchmarks.Load;

/// <summary>Milliseconds, to read percentiles of.</summary>
internal sealed class LatencySamples
{
    private readonly double[] _sorted;

    public LatencySamples(IEnumerable<double> milliseconds) => _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public double Highest => At(1);

    /// <summary>The smallest sample that this share of all samples does not exceed; not a number where there is none.</summary>
    public double At(double share) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];
}
