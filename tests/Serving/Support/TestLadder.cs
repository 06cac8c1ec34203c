using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Serving.Tests.Support;

/// <summary>Bundles with more than one rung: <c>fp32</c>, which is the model that the bundle is made of, and others.</summary>
internal static class TestLadder
{
    public const double Lower = 0.9;

    private const int Size = 16;

    /// <summary>Milliseconds.</summary>
    public static byte[] SlowModel { get; } = TestModels.Slow(Size, steps: 3000);

    /// <summary>A hundredth of it.</summary>
    public static byte[] FastModel { get; } = TestModels.Slow(Size, steps: 20);

    /// <summary>A request for either.</summary>
    public static TestRequest Request { get; } = TestRequest.Floats("x", [Size, Size], new float[Size * Size]);

    /// <summary>Adds a rung of lower quality, and says what runs are measured to take.</summary>
    public static Func<BundleWriter, Manifest, Manifest> With(byte[] model, double quality = Lower, double milliseconds = 0.1, double best = 10, string id = "int8") => (writer, manifest) =>
    {
        string path = $"variants/{id}/model.onnx";
        writer.Add(path, model);
        var first = manifest.Variants[0] with { Latencies = [Takes(best)] };
        var rung = first with { Id = id, Path = path, Precision = id, Bytes = new ByteCount(model.Length), Quality = Measured(quality), Latencies = [Takes(milliseconds)] };
        return manifest with { Variants = [first, .. manifest.Variants.Skip(1), rung] };
    };

    private static Latency Takes(double milliseconds) => new() { Target = ThisMachine.TargetName, Threads = 1, Milliseconds = milliseconds, Measured = true };

    private static Quality Measured(double quality) => new() { Metric = "cosine", Value = quality, Relative = quality, Samples = 10, Low = quality, High = quality };
}
