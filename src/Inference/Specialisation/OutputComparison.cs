using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>How far two answers to the same inputs are apart.</summary>
internal static class OutputComparison
{
    /// <summary>
    /// The same nodes in another order of sums: a float32 sum of n terms moves by about sqrt(n) units in the last place,
    /// 2^-24 each, and a deep net amplifies that. A corrupted weight moves an answer by far more than this part of its range.
    /// </summary>
    public const double Tolerance = 1e-3;

    /// <summary>Null where the two agree; otherwise what differs.</summary>
    public static string? Explain(string name, OutputView expected, OutputView actual, double tolerance)
    {
        if (expected.Type != actual.Type || !expected.Shape.SequenceEqual(actual.Shape)) return $"output '{name}' has another type or shape";
        return expected.Type switch
        {
            ElementType.Float32 => Far<float>(name, expected, actual, tolerance, static value => value),
            ElementType.Float64 => Far<double>(name, expected, actual, tolerance, static value => value),
            ElementType.Float16 => Far<Half>(name, expected, actual, Math.Max(tolerance, 2e-3), static value => (double)value),
            _ => expected.Data.SequenceEqual(actual.Data) ? null : $"output '{name}' differs",
        };
    }

    private static string? Far<T>(string name, OutputView expected, OutputView actual, double tolerance, Func<T, double> number)
        where T : unmanaged
    {
        var left = MemoryMarshal.Cast<byte, T>(expected.Data);
        var right = MemoryMarshal.Cast<byte, T>(actual.Data);
        double range = 0, worst = 0;
        for (int i = 0; i < left.Length; i++)
        {
            double a = number(left[i]), b = number(right[i]);
            if (a.Equals(b)) continue; // equal infinities and two NaN too
            range = Math.Max(range, Math.Abs(a));
            worst = Math.Max(worst, double.IsFinite(a) && double.IsFinite(b) ? Math.Abs(a - b) : double.PositiveInfinity);
        }
        for (int i = 0; i < left.Length; i++) range = Math.Max(range, Magnitude(number(left[i])));
        return worst <= tolerance * range ? null : $"output '{name}' is off by {worst:g3} where it reaches {range:g3}, over the limit of {tolerance:g3} of it";
    }

    private static double Magnitude(double value) => double.IsFinite(value) ? Math.Abs(value) : 0;
}
