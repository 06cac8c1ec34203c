using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>PP-OCRv4 rec: the bare model for the peer, its bundle for the runtime, and the same text line as a tensor for both.</summary>
internal sealed record TextModel
{
    public const string Name = "pp-ocrv4-rec";
    private const int Height = 48, Width = 320;

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

    public static TextModel Make(BenchRun run)
    {
        run.Says("packing PP-OCRv4 rec");
        var maker = new BundleMaker(run.Scratch);
        var model = new TextModel
        {
            Bundle = maker.Make(Name, File.ReadAllBytes(Model), ThisMachine.Target, Describe),
            TrustedKey = maker.TrustedKey,
            TensorNpz = Path.Combine(run.Scratch, "line.npz"),
            TensorValues = Path.Combine(run.Scratch, "line.f32"),
        };
        var values = FirstLine(run);
        File.WriteAllBytes(model.TensorValues, values);
        File.WriteAllBytes(model.TensorNpz, Npz.Write([new NamedArray("x", ElementType.Float32, [1, 3, Height, Width], values)]));
        return model;
    }

    private static Manifest Describe(BundleWriter writer, Manifest manifest)
    {
        writer.Add("labels.txt", Labels);
        writer.Add("preprocess/model.onnx", TestModels.TextLineImage());
        return manifest with
        {
            Preprocess = new PreprocessStep { Path = "preprocess/model.onnx", Input = manifest.Inputs[0].Name, ContentTypes = ["image/jpeg", "image/png"] },
            Postprocessing = [new PostprocessStep { Kind = PostprocessStep.Ctc, Output = manifest.Outputs[0].Name, Labels = "labels.txt" }],
        };
    }

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
