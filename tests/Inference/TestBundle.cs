using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference.Tests;

/// <summary>A bundle of one variant, installed in a folder of its own, with a cache beside it.</summary>
internal sealed class TestBundle : IDisposable
{
    public const string VariantId = "fp32";

    private readonly TempFolder _folder = new();

    /// <param name="build">Writes model.onnx, and weights.bin where it wants, into the folder that it is given.</param>
    /// <param name="golden">Arrays by entry name, inputs and outputs in turn.</param>
    public TestBundle(Action<string> build, params (string Entry, NamedArray[] Arrays)[] golden)
    {
        string source = Directory.CreateDirectory(_folder["source"]).FullName;
        build(source);
        var writer = new BundleWriter();
        foreach (string path in Directory.GetFiles(source)) writer.Add($"variants/{VariantId}/{Path.GetFileName(path)}", path);
        foreach (var (entry, arrays) in golden) writer.Add(entry, Npz.Write(arrays));
        var key = SigningKey.Generate(SignatureAlgorithm.EcdsaP256);
        writer.Write(_folder["test.bundle"], Describe(source, golden), [key]);
        var trust = new TrustPolicy([key.PublicKey]);
        using var verified = VerifiedBundle.Open(_folder["test.bundle"], trust);
        Bundle = new BundleStore(Root).Install(verified, trust);
    }

    public TestBundle(byte[] model)
        : this(folder => File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model))
    {
    }

    public InstalledBundle Bundle { get; }

    public string Root => _folder.Path;

    public string ModelPath => Bundle.PathOf($"variants/{VariantId}/model.onnx");

    public string CacheFolder => _folder["cache"];

    public string[] CacheEntries => Directory.Exists(CacheFolder) ? Directory.GetDirectories(CacheFolder) : [];

    public SessionCache OpenCache(ByteCount? quota = null) => new(Root, quota);

    public ServedVariant Open(SessionCache cache, ServingOptions? serving = null, ExecutionOptions? options = null) =>
        ServedVariant.Open(Bundle, VariantId, options ?? OpenModel.Options, cache, serving);

    public void Dispose() => _folder.Dispose();

    private static Manifest Describe(string variantFolder, (string Entry, NamedArray[] Arrays)[] golden)
    {
        using var session = SessionFactory.Open(Path.Combine(variantFolder, "model.onnx"), LoadMode.Mapped, OpenModel.Options, ExecutionOptions.Cpu);
        var files = Directory.GetFiles(variantFolder);
        return new Manifest
        {
            Name = "test",
            Version = "1",
            Sequence = 1,
            Targets = ["x86-avx2"],
            Inputs = SessionTensors.Inputs(session),
            Outputs = SessionTensors.Outputs(session),
            Golden = [.. golden.Chunk(2).Select(pair => new GoldenVector { Inputs = pair[0].Entry, Outputs = pair[1].Entry })],
            Variants = [Variant(files)],
            Entries = new Dictionary<string, EntryInfo>(), // the writer's own are used
        };
    }

    private static Variant Variant(string[] files) => new()
    {
        Id = VariantId,
        Path = $"variants/{VariantId}/model.onnx",
        Precision = "fp32",
        Bytes = new ByteCount(files.Sum(path => new FileInfo(path).Length)),
        PeakMemory = default,
        GoldenMinCosine = 0.9999,
        GoldenMaxAbsolute = 1e-3,
    };
}
