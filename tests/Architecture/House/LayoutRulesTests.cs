using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.House;

public sealed class LayoutRulesTests
{
    [Fact]
    public void Tests_OfTheRepository_MirrorTheSources()
    {
        var tests = RepositoryFiles.Sources.Select(file => file.Path).Where(path => path.StartsWith("tests/", StringComparison.Ordinal));
        Assert.Empty(LayoutRules.Unmirrored(tests, folder => Directory.Exists(Path.Combine(RepositoryPaths.Root, "src", folder))));
    }

    [Fact]
    public void Unmirrored_FolderOfNoSource_IsFound() =>
        Assert.Equal(["tests/Bundle/Helpers mirrors no folder of src/"], LayoutRules.Unmirrored(["tests/Bundle/Helpers/A.cs", "tests/Bundle/Zip/B.cs", "tests/Bundle/C.cs"], folder => folder == "Bundle/Zip"));

    [Fact]
    public void Solution_OfTheRepository_ListsEveryProject() =>
        Assert.Empty(LayoutRules.Unlisted(RepositoryFiles.Read("EdgeRuntime.sln").Text, RepositoryFiles.Projects.Select(file => file.Path)));

    [Fact]
    public void Unlisted_NewProject_IsFound() => Assert.Single(LayoutRules.Unlisted("\"src\\A\\A.csproj\"", ["src/A/A.csproj", "src/B/B.csproj"]));

    [Fact]
    public void Decisions_OfTheRepository_HaveNumberAndStatus()
    {
        var decisions = RepositoryFiles.Find("*.md", "docs/adr");
        Assert.NotEmpty(decisions);
        Assert.Empty(decisions.SelectMany(LayoutRules.Faults));
        Assert.Distinct(decisions.Select(file => Path.GetFileName(file.Path)[..4]));
    }

    [Theory]
    [InlineData("# 8. A decision\n\nStatus: accepted\n")]
    [InlineData("# 7. A decision\n\n## Situation\n")]
    [InlineData("# 7. A decision\n\nStatus: perhaps\n")]
    public void Faults_NoNumberOrStatus_IsFound(string text) => Assert.Single(LayoutRules.Faults(new RepositoryFile("docs/adr/0007-a-decision.md", text)));

    [Fact]
    public void Targets_OfTheRepository_AreAllBuiltInAndValid()
    {
        var names = RepositoryFiles.Find("*.json", "targets").Select(file => Path.GetFileNameWithoutExtension(file.Path)).Where(name => name != "schema").ToList();
        Assert.Equal(names.Select(name => $"targets.{name}.json").Order(StringComparer.Ordinal),
            typeof(Target).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("targets.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (var name in names) Assert.Equal(name, Target.Load(name).Name);
    }
}
