using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>Square pictures of text for a detector: the text lines of tests/data on plain grounds, since nothing ships photographs of pages.</summary>
internal sealed record TextPages(int Samples, int Size)
{
    private const int Planes = 3, LineHeight = 32, LinesPerPage = 5;
    private const string Input = "x", Form = "resize=32xW,bgr,mean=0.5,std=0.5";

    public QuantizeData Write(string folder, string model)
    {
        var graph = Path.Combine(folder, "lines.onnx");
        File.WriteAllBytes(graph, ImageGraph.Build(ImageOption.Parse(Form)));
        using var lines = new ImageFolderData(RepositoryPaths.TextLines, graph, Input);
        return new QuantizeData(Write(Path.Combine(folder, "calibration.npz"), lines, 0), Write(Path.Combine(folder, "evaluation.npz"), lines, lines.Count / 2));
    }

    private string Write(string path, ImageFolderData lines, int first)
    {
        var random = new SplitMix((ulong)first + 1);
        using var reader = lines.OpenReader();
        var data = new MemoryStream();
        for (var page = 0; page < Samples; page++)
        {
            var pixels = new float[Planes * Size * Size];
            Array.Fill(pixels, (float)(2 * random.NextUnit() - 1));
            for (var line = 0; line < LinesPerPage; line++) Paste(pixels, reader.Read(first + page * LinesPerPage + line).Inputs[0], line * Size / LinesPerPage, random);
            data.Write(MemoryMarshal.AsBytes<float>(pixels));
        }
        File.WriteAllBytes(path, Npz.Write([new NamedArray(Input, ElementType.Float32, [Samples, Planes, Size, Size], data.ToArray())]));
        return path;
    }

    private void Paste(float[] pixels, NamedArray line, int top, SplitMix random)
    {
        var width = (int)line.Shape[^1];
        var shown = Math.Min(width, Size);
        var (x, y) = (random.NextBelow(Size - shown + 1), top + random.NextBelow(Size / LinesPerPage - LineHeight + 1));
        var source = MemoryMarshal.Cast<byte, float>(line.Data);
        for (var plane = 0; plane < Planes; plane++)
            for (var row = 0; row < LineHeight; row++)
                source.Slice((plane * LineHeight + row) * width, shown).CopyTo(pixels.AsSpan((plane * Size + y + row) * Size + x));
    }
}
