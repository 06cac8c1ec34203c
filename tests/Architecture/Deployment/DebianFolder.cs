using EdgeRuntime.TestKit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>A program's folder in deploy/debian: what its package has of its own.</summary>
internal static class DebianFolder
{
    private const string Folder = "deploy/debian";

    /// <summary>Those that there are.</summary>
    public static IEnumerable<string> Programs => Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, Folder)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    public static RepositoryFile Read(string program, string name) => RepositoryFiles.Read($"{Folder}/{program}/{name}");

    /// <summary>Documents that the package installs, by their paths from the root.</summary>
    public static IReadOnlyList<string> Documents(string program) => Read(program, "docs").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
