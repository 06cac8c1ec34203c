using System.Text.RegularExpressions;
using EdgeRuntime.Architecture.Tests.Documentation;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>What can be said of the Dockerfiles where no Docker runs: each path, command, package and option in them is there.</summary>
public sealed partial class DockerfileTests
{
    public static TheoryData<string, string, string> Files => new() { { "Dockerfile.arm64", "linux-arm64", "arm64" }, { "deploy/docker/Dockerfile.x64", "linux-x64", "amd64" } };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Commands_OfTheProject_AreKnownToTheScript(string path, string rid, string architecture)
    {
        var docker = new Dockerfile(RepositoryFiles.Read(path));
        var help = await ProgramHelp.AskAsync("./edge");
        var calls = docker.Commands.Where(command => command.StartsWith("./edge ", StringComparison.Ordinal)).Select(command => command.Split(' ')).ToList();
        Assert.Equal(["setup", "publish"], calls.Select(words => words[1]));
        Assert.All(calls, words => Assert.All(words[2..].Where(word => word[0] == '-'), option => Assert.True(help.Knows(words[1], option), option)));
        Assert.Equal(rid, calls[1][calls[1].IndexOf("--rid") + 1]);
        Assert.All(docker.Of("FROM"), from => Assert.StartsWith($"--platform=linux/{architecture} debian:12-slim", from, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Paths_OfTheImage_AreWhereThePackageScriptPutsThem(string path, string rid, string architecture)
    {
        var docker = new Dockerfile(RepositoryFiles.Read(path));
        var script = RepositoryFiles.Read("eng/deb/package.sh").Text;
        Assert.Contains($"{rid}) architecture={architecture} ", script, StringComparison.Ordinal);
        Assert.Contains("package=$out/${name}_${version}_$architecture.deb", script, StringComparison.Ordinal);
        Assert.Contains("bash eng/deb/package.sh \"$rid\" artifacts/publish/edge-runtime artifacts/publish/deb", RepositoryFiles.Read("eng/publish.sh").Text, StringComparison.Ordinal);
        Assert.Contains("from=build,source=/src/artifacts/publish/deb,target=/deb", Assert.Single(docker.Of("RUN"), run => run.Contains("--mount", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"/deb/edge-runtime_*_{architecture}.deb", docker.Packages);
        Assert.Equal(["/src", "/var/lib/edge-runtime"], docker.Of("WORKDIR"));
        Assert.Equal(["edge-runtime"], docker.Of("USER"));
        Assert.Equal(["[\"/usr/bin/edge-runtime\"]"], docker.Of("ENTRYPOINT"));
        Assert.Contains("ln -s \"../lib/$name/$name\" \"$tree/usr/bin/$name\"", script, StringComparison.Ordinal);
        Assert.Contains("/etc/edge-runtime/edge-runtime.json", Assert.Single(docker.Of("CMD")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Copies_OfTheRepository_ExistAndLeaveOutWhatIsMade(string path, string rid, string architecture)
    {
        Assert.NotEqual(rid, architecture);
        var sources = new Dockerfile(RepositoryFiles.Read(path)).Of("COPY").SelectMany(text => text.Split(' ')[..^1]);
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(RepositoryPaths.Root, source)), source));
        Assert.Equal([".git", "artifacts", "node_modules"], File.ReadAllLines(Path.Combine(RepositoryPaths.Root, ".dockerignore")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Packages_OfTheImages_AreKnownToDebian(string path, string rid, string architecture)
    {
        Assert.NotEqual(rid, architecture);
        var names = new Dockerfile(RepositoryFiles.Read(path)).Packages.Where(name => name[0] != '/').ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(PackageName(), name));
        Assert.SkipUnless(File.Exists("/usr/bin/apt-cache"), "apt-cache is missing");
        foreach (var name in names) (await ProcessRun.RunAsync("apt-cache", "show", "--no-all-versions", name)).Expect();
    }

    [Fact]
    public void Dockerfiles_OfBothArchitectures_DifferInTheirNamesAlone()
    {
        static string[] Body(string path) => [.. RepositoryFiles.Read(path).Lines.Where(line => !line.StartsWith('#'))];
        Assert.Equal(Body("Dockerfile.arm64").Select(line => line.Replace("linux-arm64", "linux-x64", StringComparison.Ordinal).Replace("arm64", "amd64", StringComparison.Ordinal)), Body("deploy/docker/Dockerfile.x64"));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.+-]+$")]
    private static partial Regex PackageName();
}
