using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>A model with random weights in a file of their own, made once and kept, and its bundle.</summary>
internal sealed record LargeModel(string Name, long[] InputShape, long[] OutputShape, NamedArray Input, Func<string, string> Write)
{
    private const string Variant = "variants/fp32/";

    public static LargeModel ResNet50 { get; } =
        new("resnet50", [-1, 3, 224, 224], [-1, 1000], Sample(1, 3, 224, 224), folder => TestModels.ResNet50(folder));

    public static LargeModel Transformer { get; } =
        new("transformer", [-1, -1, 768], [-1, -1, 768], Sample(1, 128, 768), folder => TestModels.Transformer(folder));

    /// <summary>Two layers of the transformer, for a bench that only has to work.</summary>
    public static LargeModel Small { get; } =
        new("transformer-small", [-1, -1, 768], [-1, -1, 768], Sample(1, 32, 768), folder => TestModels.Transformer(folder, layers: 2));

    private string Folder => Path.Combine(BenchRun.Kept, "models", Name);

    /// <summary>model.onnx, beside its weights.</summary>
    public string ModelPath => Path.Combine(Folder, "model.onnx");

    public long WeightBytes => new FileInfo(Path.Combine(Folder, "weights.bin")).Length;

    /// <summary>Packs the model, after making it where it is missing.</summary>
    public SignedBundle Pack(string folder)
    {
        if (!File.Exists(ModelPath)) Write(Folder); // model.onnx is written last
        var key = SigningKey.Generate(SignatureAlgorithm.Ed25519);
        var writer = new BundleWriter();
        foreach (var path in Directory.GetFiles(Folder)) writer.Add(Variant + Path.GetFileName(path), path);
        var bundle = new SignedBundle(Name, Path.Combine(folder, $"{Name}.bundle"), Path.Combine(folder, $"{Name}.pub"));
        File.WriteAllText(bundle.TrustedKey, key.PublicKey.ToPem() + "\n");
        writer.Write(bundle.Path, Describe(), [key]);
        return bundle;
    }

    private Manifest Describe() => new()
    {
        Name = Name,
        Version = "1.0.0",
        Sequence = 1,
        Targets = [ThisMachine.Target],
        Inputs = [new TensorSpec { Name = Input.Name, Type = ElementType.Float32, Shape = InputShape }],
        Outputs = [new TensorSpec { Name = "y", Type = ElementType.Float32, Shape = OutputShape }],
        Variants = [new Variant { Id = "fp32", Path = Variant + "model.onnx", Precision = "fp32", Bytes = new ByteCount(WeightBytes), PeakMemory = default }],
        Entries = new Dictionary<string, EntryInfo>(), // the writer's own are used
    };

    private static NamedArray Sample(params long[] shape)
    {
        var random = new Random(1);
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (var i = 0; i < values.Length; i++) values[i] = 2 * random.NextSingle() - 1;
        return new NamedArray("x", ElementType.Float32, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
