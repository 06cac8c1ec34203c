using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>
/// How far a device's answers may be from the golden ones: some times what the variant was measured to do here, and never less than what other
/// kernels do to the same model. A wrong weight or a wrong op is off by far more.
/// </summary>
internal static class GoldenLimits
{
    private const double Margin = 8;

    /// <summary>Other instruction sets sum in another order; an accelerator multiplies float32 with 10 bits (TF32), or in float16.</summary>
    private const double CpuCosine = 1e-4, CpuAbsolute = 5e-3, AcceleratorCosine = 2e-3, AcceleratorAbsolute = 5e-2;

    /// <param name="seen">What was measured.</param>
    /// <param name="range">The largest magnitude of the golden answers.</param>
    /// <param name="targets">Where the variant will run.</param>
    public static (double MinCosine, double MaxAbsolute) Of(GoldenAgreement seen, double range, IEnumerable<Target> targets)
    {
        var accelerated = targets.Any(VariantLadder.ComputesInHalf);
        var cosine = Math.Max(Margin * (1 - seen.Cosine), accelerated ? AcceleratorCosine : CpuCosine);
        var absolute = Math.Max(Margin * seen.Absolute, range * (accelerated ? AcceleratorAbsolute : CpuAbsolute));
        return (Math.Round(1 - cosine, 9), double.Parse($"{absolute:g6}"));
    }
}
