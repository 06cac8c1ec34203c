using System.Text;
using System.Text.RegularExpressions;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Topics and properties in documents are those of src/Messaging.</summary>
public sealed partial class ProtocolDocumentTests
{
    [Fact]
    public void Documents_Topics_AreOnesThatAreParsed() => Assert.Empty(Markdown.All.SelectMany(document => UnknownTopics(document.File.Text).Select(topic => $"{document.File.Path}: {topic}")));

    [Theory]
    [InlineData("`edge/v1/{fleet}/d/{device}/inferr/{model}/{client}`")]
    [InlineData("edge/v1/lab/d/dev-1/state/more")]
    [InlineData("topic write edge/v1/+/x/%u/#")]
    public void UnknownTopics_TopicOfNoKind_IsFound(string text) => Assert.Single(UnknownTopics(text));

    [Theory]
    [InlineData("`edge/v1/{fleet}/d/{device}/infer/{model}/{client}`, `edge/v1/{fleet}/c/{client}/...` and `edge/v1/{fleet}`")]
    [InlineData("topic read edge/v1/lab/d/%u/infer/+/+")]
    [InlineData("topic write edge/v1/lab/c/#")]
    [InlineData("under edge/v1/lab/c/me/.")]
    public void UnknownTopics_TopicsFiltersAndPrefixes_AreFine(string text) => Assert.Empty(UnknownTopics(text));

    [Fact]
    public void Document_UserProperties_AreThoseOfPropertyNames()
    {
        var names = typeof(PropertyNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal);
        var text = RepositoryFiles.Read("docs/formats/inference.md").Text;
        var listed = PropertyTable().Matches(text).SelectMany(table => FirstCell().Matches(table.Groups[1].Value)).SelectMany(cell => Name().Matches(cell.Value)).Select(name => name.Groups[1].Value);
        Assert.Equal(names, listed.Distinct().Order(StringComparer.Ordinal));
    }

    // Placeholders, wildcards of filters and of ACL files all stand for one identifier.
    private static IEnumerable<string> UnknownTopics(string text) => Topic().Matches(text).Select(match => match.Value.TrimEnd('.', ',', ':')).Distinct()
        .Where(topic => !Instances(topic).Any(instance => Topics.TryParse(Encoding.UTF8.GetBytes(instance), out _)));

    private static string[] Instances(string topic)
    {
        var concrete = Stands().Replace(topic.EndsWith('/') ? topic + '+' : topic, "a");
        return topic.EndsWith('#') ? [concrete, concrete + "/a"] : [concrete];
    }

    // Something below the fleet: the prefix alone is no topic.
    [GeneratedRegex("""edge/v1/[^\s`"'|)/]+/[^\s`"'|)]+""")]
    private static partial Regex Topic();

    [GeneratedRegex(@"\{\w+\}|\.\.\.|%u|\+|#")]
    private static partial Regex Stands();

    [GeneratedRegex(@"^\| user property [^\n]*\n((?:\|[^\n]*\n)+)", RegexOptions.Multiline)]
    private static partial Regex PropertyTable();

    [GeneratedRegex(@"^\|[^|]*\|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Name();
}
