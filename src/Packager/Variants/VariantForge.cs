using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Packing;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>Makes variants of one imported model: passes, export, a session of the result, its answers to the golden inputs.</summary>
internal sealed class VariantForge(OnnxModel imported, GoldenSet golden, string folder, string? stopAfter, TimeProvider time, CancellationToken cancel)
{
    /// <summary>What every model is compared with: one thread, so that nothing depends on how many cores there are.</summary>
    public static ExecutionOptions Options { get; } = new() { Threads = 1 };

    /// <exception cref="PackagerException">A pass refuses the model, or the result cannot be run or, being fp32, answers differently.</exception>
    public MadeVariant Make(VariantRecipe recipe)
    {
        try
        {
            var model = imported.Clone();
            var passes = PassPipeline.Apply(model, recipe.Passes, stopAfter, time);
            var home = Path.Combine(folder, recipe.Id);
            var bytes = ModelExporter.Write(model, home);
            using var session = PlainModel.Open(Path.Combine(home, ModelExporter.ModelFile), Options);
            var agreement = golden.Compare(session, cancel);
            if (recipe.Precision == VariantLadder.Fp32) RequireEqual(agreement);
            return new MadeVariant(recipe, home, passes, new ByteCount(bytes), agreement);
        }
        catch (Exception error) when (error is PackagerException or InferenceException)
        {
            throw new PackagerException($"variant '{recipe.Id}': {error.Message}", error);
        }
    }

    private static void RequireEqual(GoldenAgreement agreement)
    {
        if (agreement is { Absolute: not 0 } or { Cosine: not 1 })
            throw new PackagerException($"its answers are not bit for bit those of the imported model: cosine {agreement.Cosine:f9}, off by up to {agreement.Absolute:g4}, 0 is allowed");
    }
}
