using System.Text.Json;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Serving.Configuration;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Examples of edge-runtime.json and edge-offload.json load, and its table in docs/formats/device.md says what the schema says.</summary>
public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void Documents_Configurations_Load()
    {
        var examples = Markdown.All.SelectMany(document => document.Blocks).Where(block => block.Language == "json" && IsConfiguration(block.Text)).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples) ExampleConfiguration.Load(example.Text);
    }

    [Fact]
    public void Load_ExampleWithAnUnknownMember_IsRefused() =>
        Assert.Throws<ConfigException>(() => ExampleConfiguration.Load("""{"fleet": "lab", "device": "dev-1", "root": "root", "broker": {"hots": "localhost"}}"""));

    [Fact]
    public void Document_Table_HasEveryMemberWithItsRangeAndDefault()
    {
        var rows = new Markdown(RepositoryFiles.Read("docs/formats/device.md")).Rows.Where(row => row.Length == 4 && row[0].StartsWith('`')).ToDictionary(row => row[0].Trim('`'));
        var members = SchemaMembers().ToDictionary(member => member.Path, member => member.Schema);
        Assert.Equal(members.Keys.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(members.SelectMany(member => Differences(member.Key, member.Value, rows[member.Key])));
    }

    [Fact]
    public void Differences_OtherRangeOrDefault_AreFound()
    {
        using var schema = JsonDocument.Parse("""{"minimum": 1, "maximum": 9, "default": 4}""");
        Assert.Empty(Differences("a", schema.RootElement, ["`a`", "1 to 9", "4", ""]));
        Assert.Equal(2, Differences("a", schema.RootElement, ["`a`", "1 to 99", "5", ""]).Count());
    }

    private static IEnumerable<string> Differences(string path, JsonElement schema, string[] row)
    {
        if (schema.TryGetProperty("minimum", out var least) && !row[1].EndsWith($"{least} to {schema.GetProperty("maximum")}", StringComparison.Ordinal)) yield return $"{path}: {row[1]}";
        if (schema.TryGetProperty("default", out var otherwise) && row[2].Trim('`') != (otherwise.ValueKind is JsonValueKind.String ? otherwise.GetString() : otherwise.GetRawText())) yield return $"{path}: {row[2]}";
    }

    private static IEnumerable<(string Path, JsonElement Schema)> SchemaMembers()
    {
        using var schema = JsonDocument.Parse(typeof(RuntimeConfig).Assembly.GetManifestResourceStream("edge-runtime.schema.json")!);
        return Leaves(schema.RootElement.Clone(), "");
    }

    private static IEnumerable<(string Path, JsonElement Schema)> Leaves(JsonElement schema, string prefix)
    {
        foreach (var member in schema.GetProperty("properties").EnumerateObject().Where(member => member.Name != "$schema"))
        {
            var isList = member.Value.TryGetProperty("items", out var items) && items.TryGetProperty("properties", out _);
            var inner = isList ? items : member.Value;
            var path = prefix + member.Name + (isList ? "[]" : "");
            foreach (var leaf in inner.TryGetProperty("properties", out _) ? Leaves(inner, path + ".") : [(path, inner)]) yield return leaf;
        }
    }

    private static bool IsConfiguration(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("fleet", out _) && document.RootElement.TryGetProperty("broker", out _);
    }
}
