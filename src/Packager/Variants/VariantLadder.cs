using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>Which variants a bundle gets for its targets, in the order of the ladder.</summary>
internal static class VariantLadder
{
    public const string Fp32 = "fp32", Fp16 = "fp16";

    /// <summary>The precisions that can be asked for, best first.</summary>
    public static IReadOnlyList<string> Precisions { get; } = [Fp32, Fp16];

    private static readonly string[] HalfProviders = ["tensorrt", "cuda"];

    /// <summary>The names that <c>--stop-after</c> takes.</summary>
    public static IReadOnlyList<string> PassNames { get; } =
        [.. Common().Append(new HalfWeights()).Append(new HalfCompute()).Select(pass => pass.Name)];

    public static IReadOnlyList<VariantRecipe> Of(IReadOnlyList<string> precisions, IReadOnlyList<Target> targets) =>
        [.. Precisions.Where(precisions.Contains).SelectMany(precision => precision == Fp32 ? [new VariantRecipe(Fp32, Fp32, null, Common())] : Halves(targets))];

    /// <summary>Whether the target computes in float16; else it only saves bytes.</summary>
    public static bool ComputesInHalf(Target target) => target.Accelerator is not null && target.ExecutionProviders.Any(HalfProviders.Contains);

    private static IEnumerable<VariantRecipe> Halves(IReadOnlyList<Target> targets) => targets.Select(ComputesInHalf).Distinct().Count() == 1
        ? [new VariantRecipe(Fp16, Fp16, null, HalfPasses(targets[0]))]
        : targets.Select(target => new VariantRecipe($"{Fp16}@{target.Name}", Fp16, target, HalfPasses(target)));

    private static IReadOnlyList<IPass> HalfPasses(Target target) => [.. Common(), ComputesInHalf(target) ? new HalfCompute() : new HalfWeights()];

    private static IReadOnlyList<IPass> Common() => [new CheckWeights(), new FixInitializers(), new LiftConstants()];
}
