using System.Runtime.InteropServices;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Bundles.Tests.Golden;

/// <summary>Makes a bundle with every part of the format: <c>y = x W</c> with W in external data, labels, golden vectors, two signatures.</summary>
internal static class GoldenBundleMaker
{
    private const int Inputs = 32, Outputs = 64;

    public static void Write(string path, IReadOnlyList<SigningKey> keys)
    {
        var folder = Directory.CreateTempSubdirectory("edge-golden-").FullName;
        try
        {
            var model = File.ReadAllBytes(TestModels.Linear(folder, Inputs, Outputs));
            var weights = File.ReadAllBytes(Path.Combine(folder, "weights.bin"));
            var input = Enumerable.Range(0, Inputs).Select(i => (i - 7) / 4f).ToArray();
            var writer = new BundleWriter();
            writer.Add("variants/fp32/model.onnx", model);
            writer.Add("variants/fp32/weights.bin", weights);
            writer.Add("labels.txt", [.. Enumerable.Range(0, Outputs).SelectMany(i => System.Text.Encoding.ASCII.GetBytes($"class {i}\n"))]);
            writer.Add("golden/0.in.npz", Npz.Write([Array("x", input)]));
            writer.Add("golden/0.out.npz", Npz.Write([Array("y", Product(input, MemoryMarshal.Cast<byte, float>(weights)))]));
            writer.Write(path, Describe(model.Length + weights.Length), keys);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Product(float[] input, ReadOnlySpan<float> weights)
    {
        var output = new float[Outputs];
        for (var i = 0; i < Inputs; i++)
            for (var o = 0; o < Outputs; o++) output[o] += input[i] * weights[(i * Outputs) + o];
        return output;
    }

    private static NamedArray Array(string name, float[] values) => new(name, ElementType.Float32, [1, values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static Manifest Describe(int bytes) => new()
    {
        Name = "golden",
        Version = "1.0",
        Sequence = 1,
        Targets = ["arm64-generic", "x86-avx2"],
        Inputs = [new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = [-1, Inputs], Padding = new PaddingRule { Axis = 0, Buckets = [1, 4], Value = 0 } }],
        Outputs = [new TensorSpec { Name = "y", Type = ElementType.Float32, Shape = [-1, Outputs] }],
        Postprocessing = [new PostprocessStep { Kind = PostprocessStep.TopK, Output = "y", Labels = "labels.txt", K = 3, Softmax = true }],
        Variants =
        [
            new Variant
            {
                Id = "fp32",
                Path = "variants/fp32/model.onnx",
                Precision = "fp32",
                Passes = ["import"],
                Quality = new Quality { Metric = "cosine", Value = 1, Relative = 1, Samples = 1, Low = 1, High = 1 },
                Latencies = [new Latency { Target = "x86-avx2", Threads = 1, Milliseconds = 0.01, Measured = false }],
                Bytes = new ByteCount(bytes),
                PeakMemory = new ByteCount(0),
                GoldenMinCosine = 0.9999,
                GoldenMaxAbsolute = 0.001,
            },
        ],
        Golden = [new GoldenVector { Inputs = "golden/0.in.npz", Outputs = "golden/0.out.npz" }],
        Thresholds = new QualityThresholds { MinRelative = 0.99 },
        Entries = new Dictionary<string, EntryInfo>(),
    };
}
