using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Sessions;

namespace EdgeRuntime.Inference.Tests;

/// <summary>A bundle of one variant, installed in a folder of its own, with a cache beside it.</summary>
internal sealed class TestBundle : IDisposable
{
    public const string VariantId = "fp32";

    private readonly TempFolder _folder = new();

    /// <param name="build">Writes model.onnx, and weights.bin where it wants, into the folder that it is given.</param>
    public TestBundle(Action<string> build, IReadOnlyList<GoldenVector>? golden = null)
    {
        string variant = Directory.CreateDirectory(_folder["installed", "variants", VariantId]).FullName;
        build(variant);
        Bundle = new InstalledBundle(_folder["installed"], Describe(variant, golden ?? []));
    }

    public TestBundle(byte[] model)
        : this(folder => File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model))
    {
    }

    public InstalledBundle Bundle { get; }

    public string Root => _folder.Path;

    public string VariantFolder => _folder["installed", "variants", VariantId];

    public string CacheFolder => _folder["cache"];

    public string[] CacheEntries => Directory.Exists(CacheFolder) ? Directory.GetDirectories(CacheFolder) : [];

    public SessionCache OpenCache(ByteCount? quota = null) => new(Root, quota);

    public ServedVariant Open(SessionCache cache, ServingOptions? serving = null, ExecutionOptions? options = null) =>
        ServedVariant.Open(Bundle, VariantId, options ?? OpenModel.Options, cache, serving);

    public void Dispose() => _folder.Dispose();

    private static Manifest Describe(string variantFolder, IReadOnlyList<GoldenVector> golden)
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
            Golden = golden,
            Variants = [Variant(files)],
            Entries = files.ToDictionary(path => $"variants/{VariantId}/{Path.GetFileName(path)}", path => new EntryInfo(new FileInfo(path).Length, default)),
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
