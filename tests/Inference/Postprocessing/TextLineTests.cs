using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Postprocessing;

/// <summary>PP-OCRv4 reads the rendered lines, from JPEG bytes to text, through this library alone.</summary>
public sealed class TextLineTests
{
    // 97.6 % over all 600 lines; every tenth of them may lie a little off that.
    private const double LeastRead = 0.965;

    [Fact]
    public void Decode_RealModelOnRealLines_ReadsThem()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["model.onnx"], TestModels.TextLineImage());
        using var images = ImagePreprocessor.Open(folder["model.onnx"]);
        using var model = new OpenModel(File.ReadAllBytes(Path.Combine(RepositoryPaths.OcrModels, "ch_PP-OCRv4_rec_infer.onnx")));
        using var context = model.CreateContext();
        var decoder = new CtcDecoder(Labels.Load(Path.Combine(RepositoryPaths.OcrModels, "ppocr_keys_v1.txt")));
        int step = Environment.GetEnvironmentVariable("EDGE_FULL") == "1" ? 1 : 10, characters = 0, errors = 0;
        for (int line = 0; line < TextLines.Count; line += step)
        {
            string truth = TextLines.Truth(line);
            characters += truth.Length;
            errors += Distance(truth, Read(images, context, decoder, TextLines.Image(line)));
        }
        Assert.InRange(1 - (double)errors / characters, LeastRead, 1);
    }

    private static string Read(ImagePreprocessor images, RunContext context, CtcDecoder decoder, byte[] jpeg)
    {
        var image = images.Run(jpeg);
        context.BindInput(0, image.Data, image.Shape);
        context.Run();
        var scores = context.Output(0);
        byte[] text = new byte[decoder.MaximumBytes((int)scores.Shape[1])];
        var found = decoder.Decode(scores.As<float>(), (int)scores.Shape[2], text);
        Assert.InRange(found.Score, 0, 1);
        return Encoding.UTF8.GetString(text, 0, found.Bytes);
    }

    // Levenshtein's, row by row.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[right.Length];
    }
}
