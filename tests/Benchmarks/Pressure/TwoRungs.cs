using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>Bundles of two rungs: <see cref="Best"/>, and <see cref="Small"/> of nine tenths of its quality.</summary>
internal static class TwoRungs
{
    public const string Best = "fp32", Small = "int8";

    public const int Width = 2048;

    private const double Lower = 0.9;

    /// <summary>A model in a folder, and what the bundle says of it.</summary>
    private readonly record struct Rung(string Id, string Folder, double Milliseconds, double Quality);

    /// <summary>Dense layers, that read all their weights for each answer: as many as wanted on the best rung, one on the small one.</summary>
    public static Workload Dense(BenchRun run, int layers)
    {
        var name = $"dense-{layers}";
        Rung[] rungs =
        [
            new(Best, Kept(name, folder => TestModels.DenseLayers(folder, layers, Width)), 2 * layers, 1),
            new(Small, Kept("dense-1", folder => TestModels.DenseLayers(folder, 1, Width)), 2, Lower),
        ];
        return new Workload(Pack(run, name, [-1, Width], [-1, Width], rungs), [BenchRequest.Tensor(Workload.Floats(1, Width))]);
    }

    /// <summary>Convolutions, that compute much on few bytes: so many on the best rung, an eighth of them on the small one.</summary>
    public static Workload Convolutions(BenchRun run, int layers)
    {
        var name = $"convolutions-{layers}";
        Rung[] rungs =
        [
            new(Best, Kept(name, folder => Save(folder, TestModels.Convolutions(layers))), layers / 4.0, 1),
            new(Small, Kept($"convolutions-{layers / 8}", folder => Save(folder, TestModels.Convolutions(layers / 8))), layers / 32.0, Lower),
        ];
        return new Workload(Pack(run, name, [-1, .. Workload.SteadyShape[1..]], [-1, 10], rungs), [BenchRequest.Tensor(Workload.Floats(Workload.SteadyShape))]);
    }

    private static SignedBundle Pack(BenchRun run, string name, long[] input, long[] output, IReadOnlyList<Rung> rungs)
    {
        var key = SigningKey.Generate(SignatureAlgorithm.Ed25519);
        var writer = new BundleWriter();
        foreach (var rung in rungs)
            foreach (var path in Directory.GetFiles(rung.Folder)) writer.Add($"variants/{rung.Id}/{Path.GetFileName(path)}", path);
        var bundle = new SignedBundle(name, Path.Combine(run.Scratch, $"{name}.bundle"), Path.Combine(run.Scratch, $"{name}.pub"));
        File.WriteAllText(bundle.TrustedKey, key.PublicKey.ToPem() + "\n");
        writer.Write(bundle.Path, Describe(name, input, output, rungs), [key]);
        return bundle;
    }

    private static Manifest Describe(string name, long[] input, long[] output, IReadOnlyList<Rung> rungs) => new()
    {
        Name = name,
        Version = "1.0.0",
        Sequence = 1,
        Targets = [ThisMachine.Target],
        Inputs = [new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = input }],
        Outputs = [new TensorSpec { Name = "y", Type = ElementType.Float32, Shape = output }],
        Variants = [.. rungs.Select(Describe)],
        Entries = new Dictionary<string, EntryInfo>(), // the writer's own are used
    };

    private static Variant Describe(Rung rung) => new()
    {
        Id = rung.Id,
        Path = $"variants/{rung.Id}/model.onnx",
        Precision = rung.Id,
        Bytes = new ByteCount(Directory.GetFiles(rung.Folder).Sum(path => new FileInfo(path).Length)),
        PeakMemory = ByteCount.FromMebibytes(8),
        Quality = new Quality { Metric = "cosine", Value = rung.Quality, Relative = rung.Quality, Samples = 1, Low = rung.Quality, High = rung.Quality },
        Latencies = [new Latency { Target = ThisMachine.Target, Threads = 1, Milliseconds = rung.Milliseconds, Measured = true }],
    };

    // Made once and kept; model.onnx is written last.
    private static string Kept(string name, Action<string> write)
    {
        var folder = Path.Combine(BenchRun.Kept, "models", name);
        if (!File.Exists(Path.Combine(folder, "model.onnx"))) write(folder);
        return folder;
    }

    private static void Save(string folder, byte[] model)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
    }
}
