using System.Text;

namespace EdgeRuntime.Bundles.Tests.Support;

/// <summary>A bundle of a few kilobytes with every kind of entry, in a temporary folder of its own.</summary>
internal sealed class SmallBundle : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("edge-bundle-").FullName;

    public SigningKey Key { get; init; } = SigningKey.Generate(SignatureAlgorithm.EcdsaP256);

    public TrustPolicy Trust => new([Key.PublicKey]);

    public string Path => System.IO.Path.Combine(Folder, "small-1.bundle");

    public static Manifest Manifest(long sequence = 1) => new()
    {
        Name = "small",
        Version = "1",
        Sequence = sequence,
        Targets = ["x86-avx2"],
        Inputs = [new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = [-1, 2] }],
        Outputs = [new TensorSpec { Name = "y", Type = ElementType.Float32, Shape = [-1, 2] }],
        Postprocessing = [new PostprocessStep { Kind = PostprocessStep.TopK, Output = "y", Labels = "labels.txt", K = 2 }],
        Variants = [new Variant { Id = "fp32", Path = "variants/fp32/model.onnx", Precision = "fp32", Bytes = new ByteCount(5000), PeakMemory = new ByteCount(0) }],
        Golden = [new GoldenVector { Inputs = "golden/0.in.npz", Outputs = "golden/0.out.npz" }],
        Entries = new Dictionary<string, EntryInfo>(),
    };

    /// <summary>A manifest with every member that there is.</summary>
    public static Manifest FullManifest()
    {
        var manifest = Manifest();
        return manifest with
        {
            Inputs = [manifest.Inputs[0] with { Padding = new PaddingRule { Axis = 0, Buckets = [1, 2, 4], Value = 0 } }],
            Preprocess = new PreprocessStep { Path = "labels.txt", Input = "x", ContentTypes = ["image/jpeg"] },
            Thresholds = new QualityThresholds { MinRelative = 0.99 },
            Variants =
            [
                manifest.Variants[0] with
                {
                    Target = "x86-avx2",
                    Passes = ["import"],
                    Quality = new Quality { Metric = "top1", Value = 0.9, Relative = 1, Samples = 10, Low = 0.8, High = 0.95 },
                    Latencies = [new Latency { Target = "x86-avx2", Threads = 1, Milliseconds = 2.5, Measured = true }],
                    GoldenMinCosine = 0.99,
                    GoldenMaxAbsolute = 0.01,
                },
            ],
            Entries = Content().Entries,
        };
    }

    /// <summary>The entries that <see cref="Manifest"/> asks for; the model keeps one tensor in weights.bin.</summary>
    public static BundleWriter Content(byte[]? model = null)
    {
        var writer = new BundleWriter();
        writer.Add("labels.txt", Encoding.UTF8.GetBytes("zero\none\n"));
        writer.Add("golden/0.in.npz", Npz.Write([Pair("x", 1, 2)]));
        writer.Add("golden/0.out.npz", Npz.Write([Pair("y", 1, 2)]));
        writer.Add("variants/fp32/model.onnx", model ?? TinyOnnx.Model("weights.bin", 0, 5000));
        writer.Add("variants/fp32/weights.bin", [.. Enumerable.Range(0, 5000).Select(i => (byte)i)]);
        return writer;
    }

    public static NamedArray Pair(string name, float first, float second)
    {
        var data = new byte[8];
        BitConverter.TryWriteBytes(data, first);
        BitConverter.TryWriteBytes(data.AsSpan(4), second);
        return new NamedArray(name, ElementType.Float32, [1, 2], data);
    }

    public SmallBundle Write(long sequence = 1, byte[]? model = null)
    {
        Content(model).Write(Path, Manifest(sequence), [Key]);
        return this;
    }

    public string Root => System.IO.Path.Combine(Folder, "root");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
