using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Serving;

namespace EdgeRuntime.Inference;

/// <summary>What a bundle's golden vectors put into its model.</summary>
public static class GoldenInputs
{
    /// <summary>The arrays of one vector, in the order of a model's inputs.</summary>
    /// <exception cref="BundleException">They cannot be read.</exception>
    /// <exception cref="InferenceException">An input has none.</exception>
    public static IReadOnlyList<NamedArray> Read(InstalledBundle bundle, GoldenVector golden, IReadOnlyList<TensorSpec> inputs)
    {
        var arrays = GoldenArrays.Read(bundle, golden.Inputs);
        return [.. inputs.Select(input => arrays.Named(input.Name, golden.Inputs))];
    }
}
