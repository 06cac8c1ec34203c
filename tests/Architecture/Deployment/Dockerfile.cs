using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>The instructions of a Dockerfile, continued lines as one.</summary>
internal sealed partial class Dockerfile(RepositoryFile file)
{
    public IReadOnlyList<(string Name, string Text)> Instructions { get; } =
    [
        .. file.Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2)).Select(pair => (pair[0], pair[1].Trim())),
    ];

    public IEnumerable<string> Of(string name) => Instructions.Where(each => each.Name == name).Select(each => each.Text);

    /// <summary>What its stages begin with, where the build is given no arguments.</summary>
    public IEnumerable<string> Bases => Of("FROM").Select(text => Of("ARG").Select(argument => argument.Split('=', 2))
        .Aggregate(text, (from, argument) => from.Replace('$' + argument[0], argument[1], StringComparison.Ordinal)));

    /// <summary>Commands of all RUN instructions, without what mounts.</summary>
    public IEnumerable<string> Commands => Of("RUN").SelectMany(text => Mount().Replace(text, "").Split("&&")).Select(command => command.Trim());

    /// <summary>Names of packages that apt is told to install, from the distribution or from a file.</summary>
    public IEnumerable<string> Packages => Commands.Where(command => command.StartsWith("apt-get install ", StringComparison.Ordinal))
        .SelectMany(command => command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2..]).Where(word => word[0] != '-');

    [GeneratedRegex(@"--mount=\S+\s*")]
    private static partial Regex Mount();
}
