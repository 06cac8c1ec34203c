using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>How a variant is made from the imported model.</summary>
/// <param name="Id"><c>fp16</c>, or <c>fp16@TARGET</c> where the targets of a bundle want different forms.</param>
/// <param name="Precision">One of <see cref="VariantLadder.Precisions"/>.</param>
/// <param name="Target">The only target it is for; null for all.</param>
/// <param name="Passes">In order.</param>
internal sealed record VariantRecipe(string Id, string Precision, Target? Target, IReadOnlyList<IPass> Passes)
{
    /// <summary>How ranges are chosen, as <c>--calibration-method</c> takes it; null where there are none.</summary>
    public string? Ranges { get; init; }

    /// <summary>What to try where the variant loses too much: slower and more exact. Null where there is no more.</summary>
    public Func<VariantRecipe>? Milder { get; init; }
}
