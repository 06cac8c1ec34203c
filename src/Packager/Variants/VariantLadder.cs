using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Folding;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Passes.Lowering;
using EdgeRuntime.Packaging.Passes.Opsets;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Equalising;
using EdgeRuntime.Packaging.Quantization.Smoothing;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>Which variants a bundle gets for its targets, in the order in which they are made.</summary>
internal static class VariantLadder
{
    public const string Fp32 = "fp32", Fp16 = "fp16", Int8 = "int8", Int8Dynamic = "int8-dynamic", Int4Weights = "int4-weights";

    /// <summary>The precisions that can be asked for; what the others are compared with is first.</summary>
    public static IReadOnlyList<string> Precisions { get; } = [Fp32, Fp16, Int8, Int8Dynamic, Int4Weights];

    /// <summary>Whether int8 is tuned on samples, and the part of its work that stays float, in the order in which they are tried.</summary>
    private static readonly (bool IsTuned, double HandedBack)[] Attempts = [(false, 0), (true, 0), (true, 0.05), (true, 0.1), (true, 0.2), (true, 0.4)];

    private static readonly string[] HalfProviders = ["tensorrt", "cuda"];

    /// <summary>The names that <c>--stop-after</c> takes.</summary>
    public static IReadOnlyList<string> PassNames { get; } =
        [.. Common().Concat([new HalfWeights(), new HalfCompute(), new DynamicBytes(false), new BlockWeights(new BlockOptions()), .. Preparation, .. Lower()]).Select(pass => pass.Name).Concat([SmoothInputs.PassName, EqualiseChannels.PassName, QuantizeGraph.PassName])];

    /// <param name="precisions">Those that were asked for.</param>
    /// <param name="targets">The bundle's.</param>
    /// <param name="calibrator">Finds the ranges of int8; may be null where that is not asked for.</param>
    /// <param name="method">Chooses them; null for the default.</param>
    /// <param name="tuning">What is tried to make int8 more exact; null for the default.</param>
    public static IReadOnlyList<VariantRecipe> Of(IReadOnlyList<string> precisions, IReadOnlyList<Target> targets, Calibrator? calibrator = null, IRangeMethod? method = null, TuningOptions? tuning = null) =>
        [.. Precisions.Where(precisions.Contains).SelectMany(precision => Recipes(precision, targets, (target, isTuned) => Learn(target, isTuned, calibrator ?? throw new ArgumentNullException(nameof(calibrator)), method, tuning ?? TuningOptions.Default)))];

    /// <summary>Whether the target computes in float16; else it only saves bytes.</summary>
    public static bool ComputesInHalf(Target target) => target.Accelerator is not null && target.ExecutionProviders.Any(HalfProviders.Contains);

    private static IEnumerable<VariantRecipe> Recipes(string precision, IReadOnlyList<Target> targets, Func<Target, bool, Knowledge> learn) => targets.Select(target => FormFor(precision, target)).Distinct().Count() == 1
        ? [Recipe(precision, precision, targets[0], null, learn)]
        : targets.Select(target => Recipe($"{precision}@{target.Name}", precision, target, target, learn));

    private static VariantRecipe Recipe(string id, string precision, Target target, Target? only, Func<Target, bool, Knowledge> learn) => precision == Int8
        ? InBytes(id, target, only, [learn(target, false), learn(target, true)], 0)
        : new VariantRecipe(id, precision, only, PassesOf(precision, target));

    /// <summary>Where the first attempt is good enough, nothing is tuned: answers that are nearer on a few samples may still be worse by what counts.</summary>
    private static Knowledge Learn(Target target, bool isTuned, Calibrator calibrator, IRangeMethod? method, TuningOptions tuning) =>
        new(target.Int8, calibrator, method ?? RangeMethods.Default, isTuned ? tuning : TuningOptions.None with { Rounding = tuning.Rounding });

    /// <param name="knowledge">For attempts that are not tuned, and for those that are.</param>
    private static VariantRecipe InBytes(string id, Target target, Target? only, Knowledge[] knowledge, int step)
    {
        var (isTuned, handedBack) = Attempts[step];
        var known = knowledge[isTuned ? 1 : 0];
        return new VariantRecipe(id, Int8, only,
        [
            .. Common(), .. Preparation, knowledge[0].Smoothing, .. target.Int8.SymmetricActivations ? [] : Lower(), .. isTuned ? [known.Equalisation] : (IPass[])[], new QuantizeGraph(known, handedBack), new DropDead(),
            .. target.Int8.ConversionsOnly ? [] : (IPass[])[DynamicBytes.For(target, isOptional: true)],
        ])
        {
            Ranges = known.Method.Name,
            Milder = step + 1 < Attempts.Length ? () => InBytes(id, target, only, knowledge, step + 1) : null,
        };
    }

    /// <summary>Equal where one variant serves both targets.</summary>
    private static object FormFor(string precision, Target target) => precision switch
    {
        Fp16 => ComputesInHalf(target),
        Int8 => (target.Int8 with { QuantizedOps = [] }, string.Join(' ', target.Int8.QuantizedOps)),
        Int8Dynamic => target.Int8.WeightLimit < ByteColumns.Full,
        Int4Weights => BlockOptions.For(target),
        _ => precision,
    };

    private static IReadOnlyList<IPass> PassesOf(string precision, Target target) => precision switch
    {
        Fp16 => [.. Common(), ComputesInHalf(target) ? new HalfCompute() : new HalfWeights()],
        Int8Dynamic => [.. Common(), new RaiseOpset(), DynamicBytes.For(target)],
        Int4Weights => [.. Common(), new BlockWeights(BlockOptions.For(target))],
        _ => Common(),
    };

    private static IReadOnlyList<IPass> Common() => [new CheckWeights(), new FixInitializers(), new LiftConstants()];

    /// <summary>For bytes that need not be symmetric: such a range can begin and end where an activation does.</summary>
    private static IReadOnlyList<IPass> Lower() =>
        [new RewritePass("lower-activations", [new MaxToClip(), new LowerHardSigmoid(), new LowerHardSwish(), new FloorGated(), new FoldAffine(), new ProductToGemm()], needsFacts: true)];

    /// <summary>What comes before bytes: one form of every op, nothing that constants decide, maps of channels within the weights.</summary>
    public static IReadOnlyList<IPass> Preparation =>
    [
        new RaiseOpset(), new FoldConstants(), new RewritePass("no-ops", [new NoOps()], needsFacts: true),
        new RewritePass("fold-affine", [new FoldBatchNorm(), new FoldAffine(), new FoldPad()], needsFacts: true), new DropDead(),
    ];
}
