using System.Text.RegularExpressions;
using EdgeRuntime.Architecture.Tests.Documentation;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>What deploy/debian says of each package: the example is accepted by its program, and what the texts name is there.</summary>
public sealed partial class DebianFolderTests
{
    public static TheoryData<string> Programs => ["edge-offload", "edge-runtime"];

    [Fact]
    public void Programs_WithAPackage_AreThoseThatServe() => Assert.Equal(Programs.Select(row => row.Data), DebianFolder.Programs);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Example_OfTheConfiguration_IsAcceptedWithEitherOfItsLines(string program)
    {
        var text = DebianFolder.Read(program, $"{program}.json").Text;
        Assert.Equal(($"/var/lib/{program}", 0), Told(ExampleConfiguration.Load(text)));
        // The lines in comments replace those that say less.
        var fuller = PlainLines().Replace(text, "").Replace("  // \"", "  \"", StringComparison.Ordinal).Replace("]},\n}", "]}\n}", StringComparison.Ordinal);
        Assert.Equal(($"/var/lib/{program}", 1), Told(ExampleConfiguration.Load(fuller)));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Documents_OfThePackage_AreThereAndTheExampleNamesOne(string program)
    {
        var documents = DebianFolder.Documents(program);
        Assert.All(documents, document => Assert.True(File.Exists(Path.Combine(RepositoryPaths.Root, document)), document));
        Assert.Distinct(documents.Select(Path.GetFileName));
        var first = DebianFolder.Read(program, $"{program}.json").Lines[0];
        Assert.Contains(documents, document => first.Contains($" /usr/share/doc/{program}/{Path.GetFileName(document)}. ", StringComparison.Ordinal));
        Assert.EndsWith($"{program} check --config /etc/{program}/{program}.json", first, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Description_OfThePackage_IsAsDebianWantsIt(string program)
    {
        var lines = DebianFolder.Read(program, "description").Text.TrimEnd('\n').Split('\n');
        Assert.Matches("^Description: [a-z].{1,79}[^.]$", lines[0]);
        Assert.All(lines[1..], line => Assert.Matches("^ .{1,79}$", line));
    }

    private static (string Root, int Models) Told(ServingSettings settings) => (settings.Root, settings.Models.Count);

    [GeneratedRegex(@"^  ""(broker|models)"": .*\n", RegexOptions.Multiline)]
    private static partial Regex PlainLines();
}
