using EdgeRuntime.Benchmarks.Startup;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>The text lines of tests/data: the first half to calibrate with, the second to score with.</summary>
internal static class TextHalves
{
    private const string Labels = "labels.tsv";

    public static QuantizeData Write(string folder)
    {
        var rows = File.ReadAllLines(Path.Combine(RepositoryPaths.TextLines, Labels)).Where(row => row.Length > 0).ToList();
        var half = rows.Count / 2;
        return new QuantizeData(Copy(Path.Combine(folder, "first"), rows[..half]), Copy(Path.Combine(folder, "second"), rows[half..]));
    }

    /// <summary>Lines as what the text model takes, by the graph that a build makes for them.</summary>
    /// <param name="folder">Gets the graph.</param>
    /// <param name="lines">Images with labels.tsv.</param>
    public static ImageFolderData Open(string folder, string lines)
    {
        var graph = Path.Combine(folder, "lines.onnx");
        File.WriteAllBytes(graph, ImageGraph.Build(ImageOption.Parse(PackagerRun.ImageForm)));
        return new ImageFolderData(lines, graph, TextModel.InputName);
    }

    private static string Copy(string folder, IReadOnlyList<string> rows)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, Labels), rows);
        foreach (var file in rows.Select(row => row.Split('\t')[0])) File.Copy(Path.Combine(RepositoryPaths.TextLines, file), Path.Combine(folder, file), overwrite: true);
        return folder;
    }
}
