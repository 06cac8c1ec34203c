using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

/// <summary>PP-OCRv4 rec on rendered text lines, from JPEG bytes to a bundle that says how well it reads.</summary>
public sealed class TextLineBuildTests
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("EDGE_FULL") == "1";

    // 97.65 % over all 600 lines; every thirtieth of them may lie a little off that.
    private static readonly double LeastRead = Full ? 0.9755 : 0.95;

    [Fact]
    public void Build_RealRecogniser_ReadsRealLines()
    {
        using var workshop = new Workshop();
        workshop.Build(Path.Combine(RepositoryPaths.OcrModels, "ch_PP-OCRv4_rec_infer.onnx"), "out.bundle", "--variants", "fp32,fp16", "--image", "resize=48xW,bgr,mean=0.5,std=0.5",
            "--labels", Path.Combine(RepositoryPaths.OcrModels, "ppocr_keys_v1.txt"), "--evaluate", Lines(workshop), "--metric", "ctc").Expect(0);
        using var bundle = workshop.Open();
        var manifest = bundle.Manifest;
        Assert.Equal(["fp32", "fp16"], manifest.Variants.Select(variant => variant.Id));
        Assert.All(manifest.Variants, variant => Assert.InRange(variant.Quality!.Value, LeastRead, 1));
        Assert.Equal("x FP32[?,3,48,?]", manifest.Inputs[0].ToString());
        Assert.Equal((3, 32L), (manifest.Inputs[0].Padding!.Axis, manifest.Inputs[0].Padding!.Buckets[0]));
        Assert.Equal((PostprocessStep.Ctc, "labels.txt", false), (manifest.Postprocessing[0].Kind, manifest.Postprocessing[0].Labels, manifest.Postprocessing[0].Softmax));
        Assert.Equal("x", manifest.Preprocess!.Input);
        Assert.True(manifest.Variants[1].Bytes.Bytes < 0.55 * manifest.Variants[0].Bytes.Bytes);
    }

    [Fact]
    public void Build_DictionaryOfAnotherModel_NamesBothCounts()
    {
        using var workshop = new Workshop();
        var run = workshop.Build(Path.Combine(RepositoryPaths.OcrModels, "ch_PP-OCRv4_rec_infer.onnx"), "out.bundle", "--image", "resize=48xW,bgr,mean=0.5,std=0.5",
            "--labels", workshop.Write("short.txt", "a\nb\n"), "--postprocess", "ctc").Expect(1);
        Assert.Contains("the model has 6625 classes; 2 labels and the blank take 3, or 4 with a space", run.Errors);
    }

    /// <summary>The folder itself, or every thirtieth of its lines.</summary>
    private static string Lines(Workshop workshop)
    {
        if (Full) return RepositoryPaths.TextLines;
        var rows = File.ReadLines(Path.Combine(RepositoryPaths.TextLines, "labels.tsv")).Where((_, i) => i % 30 == 0).ToList();
        Directory.CreateDirectory(workshop["lines"]);
        foreach (var row in rows) File.Copy(Path.Combine(RepositoryPaths.TextLines, row.Split('\t')[0]), workshop["lines", row.Split('\t')[0]]);
        File.WriteAllLines(workshop["lines", "labels.tsv"], rows);
        return workshop["lines"];
    }
}
