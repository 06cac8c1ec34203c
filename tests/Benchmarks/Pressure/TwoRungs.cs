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
            new(Best, KeptModel.Make(name, folder => TestModels.DenseLayers(folder, layers, Width)), 2 * layers, 1),
            new(Small, KeptModel.Make("dense-1", folder => TestModels.DenseLayers(folder, 1, Width)), 2, Lower),
        ];
        return new Workload(Pack(run, name, [-1, Width], [-1, Width], rungs), [BenchRequest.Tensor(Workload.Floats(1, Width))]);
    }

    /// <summary>Convolutions, that compute much on few bytes: so many on the best rung, an eighth of them on the small one.</summary>
    public static Workload Convolutions(BenchRun run, int layers)
    {
        var name = $"convolutions-{layers}";
        Rung[] rungs =
        [
            new(Best, KeptModel.Make(name, folder => Save(folder, TestModels.Convolutions(layers))), layers / 4.0, 1),
            new(Small, KeptModel.Make($"convolutions-{layers / 8}", folder => Save(folder, TestModels.Convolutions(layers / 8))), layers / 32.0, Lower),
        ];
        return new Workload(Pack(run, name, [-1, .. Workload.SteadyShape[1..]], [-1, 10], rungs), [BenchRequest.Tensor(Workload.Floats(Workload.SteadyShape))]);
    }

    private static SignedBundle Pack(BenchRun run, string name, long[] input, long[] output, IReadOnlyList<Rung> rungs) =>
        KeptModel.Pack(run.Scratch, name, KeptModel.Floats("x", input), KeptModel.Floats("y", output), [.. rungs.Select(rung => (Describe(rung), rung.Folder))]);

    private static Variant Describe(Rung rung) => new()
    {
        Id = rung.Id,
        Path = KeptModel.PathOf(rung.Id),
        Precision = rung.Id,
        Bytes = new ByteCount(Directory.GetFiles(rung.Folder).Sum(path => new FileInfo(path).Length)),
        PeakMemory = ByteCount.FromMebibytes(8),
        Quality = new Quality { Metric = "cosine", Value = rung.Quality, Relative = rung.Quality, Samples = 1, Low = rung.Quality, High = rung.Quality },
        Latencies = [new Latency { Target = ThisMachine.Target, Threads = 1, Milliseconds = rung.Milliseconds, Measured = true }],
    };

    private static void Save(string folder, byte[] model)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, KeptModel.File), model);
    }
}
