using System.Xml.Linq;

namespace EdgeRuntime.Architecture.Tests.Dependencies;

/// <summary>What a project file says that the rules ask for.</summary>
internal sealed record ProjectFile(string Path, string Assembly, IReadOnlyList<string> References, string Text)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static ProjectFile Parse(RepositoryFile file)
    {
        var xml = XDocument.Parse(file.Text);
        var name = System.IO.Path.GetFileNameWithoutExtension(file.Path);
        return new ProjectFile(file.Path,
            xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. xml.Descendants("ProjectReference").Select(reference => System.IO.Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))],
            file.Text);
    }

    /// <summary>The projects of src/.</summary>
    public static IReadOnlyList<ProjectFile> Shipped { get; } =
        [.. RepositoryFiles.Projects.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)).Select(Parse)];
}
