using EdgeRuntime.Bundles;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.TestKit.Bundles;

/// <summary>Makes signed bundle files of models that tests have as bytes, without the packager. One key signs all of them.</summary>
public sealed class BundleMaker(string folder)
{
    private readonly SigningKey _key = SigningKey.Generate(SignatureAlgorithm.Ed25519);

    /// <summary>The file of the public key.</summary>
    public string TrustedKey
    {
        get
        {
            var path = Path.Combine(folder, "signer.pub");
            File.WriteAllText(path, _key.PublicKey.ToPem() + "\n");
            return path;
        }
    }

    /// <summary>Writes NAME-VERSION.bundle of one variant, <c>fp32</c>.</summary>
    /// <param name="name">The bundle's name.</param>
    /// <param name="model">Its ONNX bytes.</param>
    /// <param name="target">The target that it is for.</param>
    /// <param name="edit">Changes the manifest before it is signed, adds entries.</param>
    /// <returns>The bundle's path.</returns>
    public string Make(string name, byte[] model, string target, Func<BundleWriter, Manifest, Manifest>? edit = null)
    {
        var writer = new BundleWriter();
        writer.Add("variants/fp32/model.onnx", model);
        var manifest = Describe(name, model, target);
        if (edit is not null) manifest = edit(writer, manifest);
        var path = Path.Combine(folder, $"{name}-{manifest.Version}.bundle");
        writer.Write(path, manifest, [_key]);
        return path;
    }

    private static Manifest Describe(string name, byte[] model, string target)
    {
        TelemetryOptOut.Apply();
        using var session = new InferenceSession(model);
        return new Manifest
        {
            Name = name,
            Version = "1.0.0",
            Sequence = 1,
            Targets = [target],
            Inputs = Tensors(session.InputNames, session.InputMetadata),
            Outputs = Tensors(session.OutputNames, session.OutputMetadata),
            Variants = [Fp32(model.Length)],
            Entries = new Dictionary<string, EntryInfo>(),
        };
    }

    private static Variant Fp32(long bytes) => new()
    {
        Id = "fp32",
        Path = "variants/fp32/model.onnx",
        Precision = "fp32",
        Bytes = new ByteCount(bytes),
        PeakMemory = default,
    };

    private static TensorSpec[] Tensors(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
    [
        .. names.Select(name => new TensorSpec
        {
            Name = name,
            Type = (ElementType)(int)metadata[name].ElementDataType,
            Shape = [.. metadata[name].Dimensions.Select(size => (long)size)],
        }),
    ];
}
