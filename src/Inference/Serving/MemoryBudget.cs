using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>Whether a variant fits into its model's memory budget, asked before anything is loaded: its weights, which are mapped, and what was
/// measured or is guessed to come on top.</summary>
public static class MemoryBudget
{
    private const long Activations = 32 << 20; // where nothing was measured

    /// <summary>What a variant needs: its weights and what was measured, or is guessed, to come on top.</summary>
    public static ByteCount Needed(Variant variant) => new(variant.Bytes.Bytes + (variant.PeakMemory.Bytes > 0 ? variant.PeakMemory.Bytes : Activations));

    /// <exception cref="InferenceException">It does not.</exception>
    internal static void Check(string model, Variant variant, ExecutionOptions options)
    {
        if (options.MemoryBudget is not { } budget) return;
        var needed = Needed(variant);
        if (needed.Bytes <= budget.Bytes) return;
        throw new InferenceException(InferenceError.OverBudget, $"variant '{variant.Id}' needs {needed}, over the {budget} budget of model '{model}'");
    }
}
