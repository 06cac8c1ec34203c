using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>An image of a line and what is written on it.</summary>
internal readonly record struct TextLine(string Path, string Truth);

/// <summary>The rendered lines of tests/data.</summary>
internal static class TextLines
{
    public static IReadOnlyList<TextLine> Read() =>
    [
        .. File.ReadLines(Path.Combine(RepositoryPaths.TextLines, "labels.tsv")).Select(line => line.Split('\t'))
            .Select(row => new TextLine(Path.Combine(RepositoryPaths.TextLines, row[0]), row[1])),
    ];
}
