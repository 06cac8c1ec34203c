using System.Text.RegularExpressions;
using EdgeRuntime.Architecture.Tests.Documentation;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>What can be said of the Dockerfiles where no Docker runs: each path, command, package and option in them is there.</summary>
public sealed partial class DockerfileTests
{
    private static readonly Image[] Images =
    [
        new("Dockerfile.arm64", "edge-runtime", "linux-arm64", "arm64"),
        new("deploy/docker/Dockerfile.x64", "edge-runtime", "linux-x64", "amd64"),
        new("deploy/docker/Dockerfile.offload.x64", "edge-offload", "linux-x64", "amd64"),
    ];

    public static TheoryData<string> Files => [.. Images.Select(image => image.Path)];

    [Fact]
    public void Images_AreAllThatThereAre() =>
        Assert.Equal(Images.Select(image => image.Path).Order(StringComparer.Ordinal), RepositoryFiles.Find("Dockerfile*", "deploy").Select(file => file.Path).Append("Dockerfile.arm64").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Commands_OfTheProject_AreKnownToTheScript(string path)
    {
        var (docker, image) = (new Dockerfile(RepositoryFiles.Read(path)), Of(path));
        var help = await ProgramHelp.AskAsync("./edge");
        var calls = docker.Commands.Where(command => command.StartsWith("./edge ", StringComparison.Ordinal)).Select(command => command.Split(' ')).ToList();
        Assert.Equal(["setup", "publish"], calls.Select(words => words[1]));
        Assert.All(calls, words => Assert.All(words[2..].Where(word => word[0] == '-'), option => Assert.True(help.Knows(words[1], option), option)));
        Assert.Equal(image.Rid, calls[1][calls[1].IndexOf("--rid") + 1]);
        Assert.All(docker.Bases, from => Assert.StartsWith($"--platform=linux/{image.Architecture} debian:12-slim", from, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Paths_OfTheImage_AreWhereThePackageScriptPutsThem(string path)
    {
        var (docker, (_, program, rid, architecture)) = (new Dockerfile(RepositoryFiles.Read(path)), Of(path));
        var script = RepositoryFiles.Read("eng/deb/package.sh").Text;
        Assert.Contains($"{rid}) architecture={architecture} ", script, StringComparison.Ordinal);
        Assert.Contains("package=$out/${name}_${version}_$architecture.deb", script, StringComparison.Ordinal);
        Assert.Contains("for about in deploy/debian/*/; do bash eng/deb/package.sh \"$rid\" \"artifacts/publish/$(basename \"$about\")\" artifacts/publish/deb; done", RepositoryFiles.Read("eng/publish.sh").Text, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(RepositoryPaths.Root, "deploy/debian", program)), program);
        Assert.Contains("from=build,source=/src/artifacts/publish/deb,target=/deb", Assert.Single(docker.Of("RUN"), run => run.Contains("--mount", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"/deb/{program}_*_{architecture}.deb", docker.Packages);
        Assert.Equal(["/src", $"/var/lib/{program}"], docker.Of("WORKDIR"));
        Assert.Equal([program], docker.Of("USER"));
        Assert.Equal([$"[\"/usr/bin/{program}\"]"], docker.Of("ENTRYPOINT"));
        Assert.Contains("ln -s \"../lib/$name/$name\" \"$tree/usr/bin/$name\"", script, StringComparison.Ordinal);
        Assert.Equal([$"[\"run\", \"--config\", \"/etc/{program}/{program}.json\"]"], docker.Of("CMD"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Copies_OfTheRepository_ExistAndLeaveOutWhatIsMade(string path)
    {
        var sources = new Dockerfile(RepositoryFiles.Read(path)).Of("COPY").SelectMany(text => text.Split(' ')[..^1]);
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(RepositoryPaths.Root, source)), source));
        Assert.Equal([".git", "artifacts", "node_modules"], File.ReadAllLines(Path.Combine(RepositoryPaths.Root, ".dockerignore")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Packages_OfTheImages_AreKnownToDebian(string path)
    {
        var names = new Dockerfile(RepositoryFiles.Read(path)).Packages.Where(name => name[0] != '/').ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(PackageName(), name));
        Assert.SkipUnless(File.Exists("/usr/bin/apt-cache"), "apt-cache is missing");
        foreach (var name in names) (await ProcessRun.RunAsync("apt-cache", "show", "--no-all-versions", name)).Expect();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Dockerfiles_OfProgramsAndArchitectures_DifferInTheirNamesAlone(string path)
    {
        var (first, other) = (Images[0], Of(path));
        Assert.Equal(Body(first.Path).Select(line => line.Replace(first.Rid, other.Rid, StringComparison.Ordinal)
            .Replace(first.Architecture, other.Architecture, StringComparison.Ordinal).Replace(first.Program, other.Program, StringComparison.Ordinal)), Body(path));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Comments_CallDockerWithTheFileItself(string path) =>
        Assert.Contains($"#   docker build -f {path} -t {Of(path).Program} .", RepositoryFiles.Read(path).Lines);

    private static Image Of(string path) => Images.Single(image => image.Path == path);

    // What a build does that is given no arguments.
    private static IEnumerable<string> Body(string path)
    {
        var docker = new Dockerfile(RepositoryFiles.Read(path));
        return docker.Bases.Concat(docker.Instructions.Where(each => each.Name is not ("ARG" or "FROM")).Select(each => $"{each.Name} {each.Text}"));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.+-]+$")]
    private static partial Regex PackageName();

    private sealed record Image(string Path, string Program, string Rid, string Architecture);
}
