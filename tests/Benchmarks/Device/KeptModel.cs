using EdgeRuntime.Bundles;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A model in a folder that is made once and kept, and bundles of such.</summary>
internal static class KeptModel
{
    public const string File = "model.onnx";

    public static string FolderOf(string name) => Path.Combine(BenchRun.Kept, "models", name);

    /// <summary>Makes it where it is missing.</summary>
    /// <param name="name">Its own.</param>
    /// <param name="write">Writes it into a folder, model.onnx last.</param>
    /// <returns>Its folder.</returns>
    public static string Make(string name, Action<string> write)
    {
        var folder = FolderOf(name);
        if (!System.IO.File.Exists(Path.Combine(folder, File))) write(folder);
        return folder;
    }

    /// <summary>Where a variant's model is in its bundle.</summary>
    public static string PathOf(string variant) => $"variants/{variant}/{File}";

    /// <summary>A signed bundle with one input and one output.</summary>
    /// <param name="scratch">Where it is written to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="input">The model's.</param>
    /// <param name="output">The model's.</param>
    /// <param name="variants">Best first, each with the folder of its model.</param>
    public static SignedBundle Pack(string scratch, string name, TensorSpec input, TensorSpec output, params IReadOnlyList<(Variant Variant, string Folder)> variants)
    {
        var key = SigningKey.Generate(SignatureAlgorithm.Ed25519);
        var writer = new BundleWriter();
        foreach (var (variant, folder) in variants)
            foreach (var path in Directory.GetFiles(folder)) writer.Add($"variants/{variant.Id}/{Path.GetFileName(path)}", path);
        var bundle = new SignedBundle(name, Path.Combine(scratch, $"{name}.bundle"), Path.Combine(scratch, $"{name}.pub"));
        System.IO.File.WriteAllText(bundle.TrustedKey, key.PublicKey.ToPem() + "\n");
        writer.Write(bundle.Path, new Manifest
        {
            Name = name,
            Version = "1.0.0",
            Sequence = 1,
            Targets = [ThisMachine.Target],
            Inputs = [input],
            Outputs = [output],
            Variants = [.. variants.Select(each => each.Variant)],
            Entries = new Dictionary<string, EntryInfo>(), // the writer's own are used
        }, [key]);
        return bundle;
    }

    public static TensorSpec Floats(string name, long[] shape) => new() { Name = name, Type = ElementType.Float32, Shape = shape };
}
