using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>What documents say about files of the repository.</summary>
internal static partial class PathRules
{
    private static readonly HashSet<string> TopFolders = ["src", "tests", "docs", "eng", "targets", "examples", "deploy"];

    /// <param name="document">A document.</param>
    /// <param name="exists">Whether a path from the root is there.</param>
    public static IEnumerable<string> Violations(Markdown document, Func<string, bool> exists)
    {
        var folder = Path.GetDirectoryName(document.File.Path)!;
        foreach (var link in document.Links)
            if (!exists(Normal(Path.Combine(folder, link)))) yield return $"{document.File.Path} links to {link}, which is not there";
        foreach (var path in Named(document).Where(path => !exists(Known(path, exists))))
            yield return $"{document.File.Path} names {path}, which is not there";
    }

    // Spans that are a path as a whole, and words of commands.
    private static IEnumerable<string> Named(Markdown document) => document.Spans
        .Concat(document.Blocks.Where(block => block.Language == "sh").SelectMany(block => block.Text.Split([' ', '\n', '"', '\''], StringSplitOptions.RemoveEmptyEntries)))
        .Select(word => word.StartsWith("./", StringComparison.Ordinal) ? word[2..] : word)
        .Where(word => PathForm().IsMatch(word) && TopFolders.Contains(word.Split('/')[0])).Distinct();

    // Of a path with a wildcard or a placeholder, the part before it.
    private static string Known(string path, Func<string, bool> exists) => exists(path) ? path
        : string.Join('/', path.Split('/').TakeWhile(level => !Placeholder().IsMatch(level)));

    private static string Normal(string path) => Path.GetRelativePath("/", Path.GetFullPath(path, "/"));

    [GeneratedRegex(@"^[\w.@+-]+(/[\w.@+*-]+)+/?$")]
    private static partial Regex PathForm();

    [GeneratedRegex(@"\*|^[A-Z]{2,}\b|\bNNNN\b")]
    private static partial Regex Placeholder();
}
