using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Packing;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Variants;

/// <summary>A variant that was written, loaded and run.</summary>
/// <param name="Recipe">How it was made.</param>
/// <param name="Folder">model.onnx and weights.bin.</param>
/// <param name="Passes">Those that did something.</param>
/// <param name="Bytes">Size of all its files.</param>
/// <param name="Agreement">With the imported model's answers, at worst.</param>
internal sealed record MadeVariant(VariantRecipe Recipe, string Folder, IReadOnlyList<PassReport> Passes, ByteCount Bytes, GoldenAgreement Agreement)
{
    private readonly Lazy<Sha256Digest> _digest = new(() => VariantDigest.Of(Folder));

    /// <summary>Of its files; they are read once for it.</summary>
    public Sha256Digest Digest => _digest.Value;

    /// <summary>Of all its passes that were run; null where it stays float.</summary>
    public QuantizationReport? Quantization => QuantizationReport.Of(Recipe.Passes.OfType<IQuantizingPass>().Select(pass => pass.Quantization).OfType<QuantizationReport>());

    public string ModelPath => Path.Combine(Folder, ModelExporter.ModelFile);
}
