using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>Which variants a bundle gets for its targets, in the order in which they are made.</summary>
internal static class VariantLadder
{
    public const string Fp32 = "fp32", Fp16 = "fp16", Int8 = "int8", Int8Dynamic = "int8-dynamic", Int4Weights = "int4-weights";

    /// <summary>The precisions that can be asked for; what the others are compared with is first.</summary>
    public static IReadOnlyList<string> Precisions { get; } = [Fp32, Fp16, Int8Dynamic, Int4Weights];

    private static readonly string[] HalfProviders = ["tensorrt", "cuda"];

    /// <summary>The names that <c>--stop-after</c> takes.</summary>
    public static IReadOnlyList<string> PassNames { get; } =
        [.. Common().Concat([new HalfWeights(), new HalfCompute(), new DynamicBytes(false), new BlockWeights(new BlockOptions())]).Select(pass => pass.Name)];

    public static IReadOnlyList<VariantRecipe> Of(IReadOnlyList<string> precisions, IReadOnlyList<Target> targets) =>
        [.. Precisions.Where(precisions.Contains).SelectMany(precision => Recipes(precision, targets))];

    /// <summary>Whether the target computes in float16; else it only saves bytes.</summary>
    public static bool ComputesInHalf(Target target) => target.Accelerator is not null && target.ExecutionProviders.Any(HalfProviders.Contains);

    private static IEnumerable<VariantRecipe> Recipes(string precision, IReadOnlyList<Target> targets) => targets.Select(target => FormFor(precision, target)).Distinct().Count() == 1
        ? [new VariantRecipe(precision, precision, null, PassesOf(precision, targets[0]))]
        : targets.Select(target => new VariantRecipe($"{precision}@{target.Name}", precision, target, PassesOf(precision, target)));

    /// <summary>Equal where one variant serves both targets.</summary>
    private static object FormFor(string precision, Target target) => precision switch
    {
        Fp16 => ComputesInHalf(target),
        Int8Dynamic => target.Int8.WeightLimit < ByteColumns.Full,
        Int4Weights => BlockOptions.For(target),
        _ => precision,
    };

    private static IReadOnlyList<IPass> PassesOf(string precision, Target target) => precision switch
    {
        Fp16 => [.. Common(), ComputesInHalf(target) ? new HalfCompute() : new HalfWeights()],
        Int8Dynamic => [.. Common(), DynamicBytes.For(target)],
        Int4Weights => [.. Common(), new BlockWeights(BlockOptions.For(target))],
        _ => Common(),
    };

    private static IReadOnlyList<IPass> Common() => [new CheckWeights(), new FixInitializers(), new LiftConstants()];
}
