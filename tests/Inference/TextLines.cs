using EdgeRuntime.TestKit;

namespace EdgeRuntime.Inference.Tests;

/// <summary>The rendered text lines of tests/data with what is written on them.</summary>
internal static class TextLines
{
    private static readonly string Folder = RepositoryPaths.TextLines;
    private static readonly string[][] Rows = [.. File.ReadLines(Path.Combine(Folder, "labels.tsv")).Select(line => line.Split('\t'))];

    public static int Count => Rows.Length;

    public static byte[] Image(int index) => File.ReadAllBytes(Path.Combine(Folder, Rows[index][0]));

    public static string Truth(int index) => Rows[index][1];
}
