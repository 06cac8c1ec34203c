using EdgeRuntime.TestKit;

namespace EdgeRuntime.Architecture.Tests;

/// <summary>A file of the repository: its path from the root, with '/', and its text.</summary>
internal sealed record RepositoryFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');
}

/// <summary>The files that people write, as they lie in the checkout; nothing that a build or set-up made.</summary>
internal static class RepositoryFiles
{
    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, MatchType = MatchType.Simple };
    private static readonly HashSet<string> Made = ["bin", "obj", "node_modules", "artifacts"];

    /// <summary>All files of a pattern below some folders of the root.</summary>
    public static IReadOnlyList<RepositoryFile> Find(string pattern, params string[] folders) =>
    [
        .. folders.Select(folder => Path.Combine(RepositoryPaths.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, Deep))
            .Select(path => Path.GetRelativePath(RepositoryPaths.Root, path))
            .Where(path => !path.Split('/').Any(Made.Contains))
            .Order(StringComparer.Ordinal).Select(Read),
    ];

    public static RepositoryFile Read(string path) => new(path, File.ReadAllText(Path.Combine(RepositoryPaths.Root, path)));

    /// <summary>C# that people wrote.</summary>
    public static IReadOnlyList<RepositoryFile> Sources { get; } = Find("*.cs", "src", "tests", "examples");

    public static IReadOnlyList<RepositoryFile> Projects { get; } = Find("*.csproj", "src", "tests", "examples");

    /// <summary>README.md and docs/.</summary>
    public static IReadOnlyList<RepositoryFile> Documents { get; } = [Read("README.md"), .. Find("*.md", "docs")];
}
