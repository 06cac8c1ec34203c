using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>PP-OCRv4 rec: the bare model for the peer, its bundle for the runtime, and the same text line as a tensor for both.</summary>
internal sealed record TextModel
{
    public const string Name = "pp-ocrv4-rec", InputName = "x";
    private const int Height = 48, Width = 320;
    private static readonly TimeSpan PackingDeadline = TimeSpan.FromMinutes(3);

    public static string Model { get; } = Path.Combine(RepositoryPaths.OcrModels, "ch_PP-OCRv4_rec_infer.onnx");

    public static string Labels { get; } = Path.Combine(RepositoryPaths.OcrModels, "ppocr_keys_v1.txt");

    public static string TensorShape { get; } = $"1,3,{Height},{Width}";

    public required string Bundle { get; init; }

    public required string TrustedKey { get; init; }

    public SignedBundle Signed => new(Name, Bundle, TrustedKey);

    /// <summary>The tensor as the runtime reads it.</summary>
    public required string TensorNpz { get; init; }

    /// <summary>Its values alone, little-endian: less work for the peer.</summary>
    public required string TensorValues { get; init; }

    public static async Task<TextModel> MakeAsync(BenchRun run)
    {
        var model = new TextModel
        {
            Bundle = Path.Combine(run.Scratch, $"{Name}.bundle"),
            TrustedKey = Path.Combine(run.Scratch, "release.pub"),
            TensorNpz = Path.Combine(run.Scratch, "line.npz"),
            TensorValues = Path.Combine(run.Scratch, "line.f32"),
        };
        if (File.Exists(model.Bundle)) return model; // another part of the bench has made it
        run.Says("packing PP-OCRv4 rec");
        await PackAsync(run.Scratch, model.Bundle);
        var values = FirstLine(run);
        File.WriteAllBytes(model.TensorValues, values);
        File.WriteAllBytes(model.TensorNpz, Npz.Write([new NamedArray("x", ElementType.Float32, [1, 3, Height, Width], values)]));
        return model;
    }

    private static async Task PackAsync(string folder, string bundle)
    {
        await PackagerAsync("keygen", "-o", folder, "--name", "release");
        await PackagerAsync("build", Model, "--name", Name, "--version", "1.0.0", "--target", ThisMachine.Target, "--variants", "fp32",
            "--image", "resize=48xW,bgr,mean=0.5,std=0.5", "--labels", Labels, "--postprocess", "ctc",
            "--sign", Path.Combine(folder, "release.key"), "-o", bundle);
    }

    private static async Task PackagerAsync(params string[] arguments) =>
        (await ProcessRun.RunAsync(RepositoryPaths.Program("edge-packager"), arguments, PackingDeadline)).Expect();

    // The first line of the test data, padded or cut to the width.
    private static byte[] FirstLine(BenchRun run)
    {
        var graph = Path.Combine(run.Scratch, "preprocess.onnx");
        File.WriteAllBytes(graph, TestModels.TextLineImage());
        using var images = ImagePreprocessor.Open(graph);
        var line = images.Run(File.ReadAllBytes(TextLines.Read()[0].Path));
        var width = (int)line.Shape[3];
        var padded = new byte[3 * Height * Width * sizeof(float)];
        for (var row = 0; row < 3 * Height; row++)
        {
            var source = line.Data.Slice(row * width * sizeof(float), Math.Min(width, Width) * sizeof(float));
            source.CopyTo(padded.AsSpan(row * Width * sizeof(float)));
        }
        return padded;
    }
}
