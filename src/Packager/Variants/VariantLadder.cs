using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Folding;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Passes.Opsets;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Quantization;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>Which variants a bundle gets for its targets, in the order in which they are made.</summary>
internal static class VariantLadder
{
    public const string Fp32 = "fp32", Fp16 = "fp16", Int8 = "int8", Int8Dynamic = "int8-dynamic", Int4Weights = "int4-weights";

    /// <summary>The precisions that can be asked for; what the others are compared with is first.</summary>
    public static IReadOnlyList<string> Precisions { get; } = [Fp32, Fp16, Int8, Int8Dynamic, Int4Weights];

    private static readonly string[] HalfProviders = ["tensorrt", "cuda"];

    /// <summary>The names that <c>--stop-after</c> takes.</summary>
    public static IReadOnlyList<string> PassNames { get; } =
        [.. Common().Concat([new HalfWeights(), new HalfCompute(), new DynamicBytes(false), new BlockWeights(new BlockOptions()), .. Preparation]).Select(pass => pass.Name).Append(QuantizeConvolutions.PassName)];

    /// <param name="precisions">Those that were asked for.</param>
    /// <param name="targets">The bundle's.</param>
    /// <param name="calibrator">Finds the ranges of int8; may be null where that is not asked for.</param>
    public static IReadOnlyList<VariantRecipe> Of(IReadOnlyList<string> precisions, IReadOnlyList<Target> targets, Calibrator? calibrator = null) =>
        [.. Precisions.Where(precisions.Contains).SelectMany(precision => Recipes(precision, targets, calibrator))];

    /// <summary>Whether the target computes in float16; else it only saves bytes.</summary>
    public static bool ComputesInHalf(Target target) => target.Accelerator is not null && target.ExecutionProviders.Any(HalfProviders.Contains);

    private static IEnumerable<VariantRecipe> Recipes(string precision, IReadOnlyList<Target> targets, Calibrator? calibrator) => targets.Select(target => FormFor(precision, target)).Distinct().Count() == 1
        ? [new VariantRecipe(precision, precision, null, PassesOf(precision, targets[0], calibrator))]
        : targets.Select(target => new VariantRecipe($"{precision}@{target.Name}", precision, target, PassesOf(precision, target, calibrator)));

    /// <summary>Equal where one variant serves both targets.</summary>
    private static object FormFor(string precision, Target target) => precision switch
    {
        Fp16 => ComputesInHalf(target),
        Int8 => (target.Int8.Activations, target.Int8.SymmetricActivations, target.Int8.WeightLimit < ByteColumns.Full, target.Accelerator is null),
        Int8Dynamic => target.Int8.WeightLimit < ByteColumns.Full,
        Int4Weights => BlockOptions.For(target),
        _ => precision,
    };

    private static IReadOnlyList<IPass> PassesOf(string precision, Target target, Calibrator? calibrator) => precision switch
    {
        Fp16 => [.. Common(), ComputesInHalf(target) ? new HalfCompute() : new HalfWeights()],
        Int8 => [.. Common(), .. Preparation, new QuantizeConvolutions(target.Int8, calibrator ?? throw new ArgumentNullException(nameof(calibrator))), new DropDead(), DynamicBytes.For(target, isOptional: true)],
        Int8Dynamic => [.. Common(), new RaiseOpset(), DynamicBytes.For(target)],
        Int4Weights => [.. Common(), new BlockWeights(BlockOptions.For(target))],
        _ => Common(),
    };

    private static IReadOnlyList<IPass> Common() => [new CheckWeights(), new FixInitializers(), new LiftConstants()];

    /// <summary>What is done to a model before it is quantized; changes answers by rounding only.</summary>
    public static IReadOnlyList<IPass> Preparation =>
    [
        new RaiseOpset(), new FoldConstants(), new RewritePass("no-ops", [new NoOps()], needsFacts: true),
        new RewritePass("fold-affine", [new FoldBatchNorm(), new FoldAffine()], needsFacts: true), new DropDead(),
    ];
}
