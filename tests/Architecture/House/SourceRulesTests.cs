using Xunit;

namespace EdgeRuntime.Architecture.Tests.House;

public sealed class SourceRulesTests
{
    [Fact]
    public void Sources_OfTheRepository_KeepTheRules()
    {
        Assert.NotEmpty(RepositoryFiles.Sources);
        Assert.Empty(RepositoryFiles.Sources.SelectMany(SourceRules.Violations));
    }

    [Theory]
    [InlineData("    #region Helpers")]
    [InlineData("#pragma warning disable CA1000")]
    [InlineData("#pragma warning disable CA1000 //")]
    public void Violations_ForbiddenLine_IsFound(string line) => Assert.Single(SourceRules.Violations(new RepositoryFile("a.cs", "\n" + line + "\n")));

    [Fact]
    public void Violations_ReasonOnTheLine_IsFine() => Assert.Empty(SourceRules.Violations(new RepositoryFile("a.cs", "#pragma warning disable CA1000 // the vendor's API")));

    [Fact]
    public void Violations_LongFile_IsFound() => Assert.Single(SourceRules.Violations(new RepositoryFile("a.cs", new string('\n', SourceRules.MostLines))));
}
