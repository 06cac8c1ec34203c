using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>Which tensors float16 can hold: its largest number is 65504, and below 2^-14 it loses digits.</summary>
internal static class HalfRange
{
    private const double LargestHalf = 65504, SmallestNormal = 6.103515625e-5;

    /// <returns>Why the tensor stays float32; null where it need not.</returns>
    public static string? Refusal(FloatScan scan)
    {
        if (scan.NotNumbers > 0) return "holds NaN";
        if (scan.Largest > LargestHalf) return $"reaches {scan.Largest:g4}, over {LargestHalf}, the largest float16";
        return scan.Largest is > 0 and < SmallestNormal ? $"reaches only {scan.Largest:g4}, below {SmallestNormal:g4}, where float16 loses digits" : null;
    }
}
