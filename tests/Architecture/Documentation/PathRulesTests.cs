using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

public sealed class PathRulesTests
{
    [Fact]
    public void Documents_OfTheRepository_NameOnlyWhatIsThere() =>
        Assert.Empty(Markdown.All.SelectMany(document => PathRules.Violations(document, path => Path.Exists(Path.Combine(RepositoryPaths.Root, path)))));

    [Theory]
    [InlineData("see [there](../gone.md)", "../gone.md")]
    [InlineData("see `src/Gone/File.cs`", "src/Gone/File.cs")]
    [InlineData("```sh\ncat tests/gone/*.json\n```", "tests/gone/*.json")]
    [InlineData("```sh\n./examples/gone.py 1\n```", "examples/gone.py")]
    public void Violations_PathThatIsNotThere_IsFound(string text, string named)
    {
        var document = new Markdown(new RepositoryFile("docs/formats/a.md", text + "\n"));
        Assert.Contains(named, Assert.Single(PathRules.Violations(document, path => path is "src" or "tests" or "examples" or "docs")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a](b.md#part) [web](https://example.org/gone) `application/json` `ROOT/cache/KEY/` `targets/NAME.json`")]
    public void Violations_PathsThatAreThereAndOtherWords_AreFine(string text) =>
        Assert.Empty(PathRules.Violations(new Markdown(new RepositoryFile("docs/a.md", text)), path => path is "docs/b.md" or "targets"));
}
