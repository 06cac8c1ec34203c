using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference.Serving;

/// <summary>Reads the arrays of a golden vector, by tensor name.</summary>
internal static class GoldenArrays
{
    private static readonly ByteCount Limit = new(1L << 30);

    /// <exception cref="BundleException">It is no .npz, or too large.</exception>
    public static IReadOnlyList<NamedArray> Read(InstalledBundle bundle, string entry) => Npz.ReadFile(bundle.PathOf(entry), Limit);

    /// <exception cref="InferenceException">There is none of that name.</exception>
    public static NamedArray Named(this IReadOnlyList<NamedArray> arrays, string name, string entry) =>
        arrays.FirstOrDefault(array => array.Name == name)
        ?? throw new InferenceException(InferenceError.ModelInvalid, $"golden vector '{entry}' has no array '{name}'");
}
