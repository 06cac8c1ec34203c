using System.Runtime.InteropServices;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Startup;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>A model and requests to it.</summary>
internal sealed record Workload(SignedBundle Bundle, IReadOnlyList<BenchRequest> Requests)
{
    public static readonly long[] SteadyShape = [1, 1, 16, 16];

    private const int JpegCount = 100;

    /// <summary>A model that gives back its input of so many bytes.</summary>
    public static Workload Identity(BenchRun run, string name, int bytes) =>
        new(Pack(run, name, TestModels.Identity()), [BenchRequest.Tensor(Floats(1, bytes / sizeof(float)))]);

    /// <summary>Convolutions that take about as long each time, some milliseconds.</summary>
    public static Workload Steady(BenchRun run, string name = "steady") => new(Pack(run, name, SteadyModel()), [BenchRequest.Tensor(Floats(SteadyShape))]);

    /// <summary>Slow enough that 12 times its capacity is still little for the broker.</summary>
    public static byte[] SteadyModel() => TestModels.Convolutions(32);

    /// <summary>PP-OCRv4 rec on JPEGs of some 5 KB; steady convolutions where it only has to work.</summary>
    public static async Task<Workload> TextLinesAsync(BenchRun run)
    {
        if (run.Smoke) return Steady(run, "lines");
        var text = await TextModel.MakeAsync(run);
        return new Workload(text.Signed, [.. TextLines.Read().Take(JpegCount).Select(line => BenchRequest.Jpeg(line.Path))]);
    }

    /// <summary>Makes a bundle of a model that fits in memory.</summary>
    public static SignedBundle Pack(BenchRun run, string name, byte[] model, int version = 1)
    {
        var path = run.Bundles.Make(name, model, ThisMachine.Target, (_, manifest) => manifest with { Version = $"{version}.0.0", Sequence = version });
        return new SignedBundle(name, path, run.Bundles.TrustedKey);
    }

    /// <summary>Seeded values in -1 to 1.</summary>
    public static NamedArray Floats(params long[] shape)
    {
        var random = new Random(1);
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (var i = 0; i < values.Length; i++) values[i] = 2 * random.NextSingle() - 1;
        return new NamedArray("x", ElementType.Float32, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
