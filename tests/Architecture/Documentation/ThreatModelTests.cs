using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Every answer in docs/threat-model.md names a test, and the test is there.</summary>
public sealed partial class ThreatModelTests
{
    [Fact]
    public void Document_Attacks_NameTestsThatAreThere()
    {
        var attacks = new Markdown(RepositoryFiles.Read("docs/threat-model.md")).Rows.SkipWhile(row => row[0] != "attack").Skip(2).ToList();
        Assert.True(attacks.Count >= 15, $"only {attacks.Count} attacks");
        Assert.All(attacks, row => Assert.Matches(Name(), row[2]));
        Assert.All(attacks.SelectMany(row => Name().Matches(row[2])).Select(match => match.Groups[1].Value), name => Assert.True(Exists(name), name));
    }

    private static bool Exists(string name) => RepositoryFiles.Sources.Any(file => file.Path.StartsWith("tests/", StringComparison.Ordinal)
        && Regex.IsMatch(file.Text, $@"(class|void|Task) {name}\b"));

    [GeneratedRegex("`([A-Z]\\w+)`")]
    private static partial Regex Name();
}
