using System.Text.Json;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Offload.Configuration;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Devices and servers read the same sections with the same reader: each schema is whole by itself, and says the same of them.</summary>
public sealed class SharedSchemaTests
{
    public static TheoryData<string> Shared => ["$schema", "broker", "fleet", "http", "limits", "log", "metrics", "models", "root", "target", "tracing", "trust"];

    [Fact]
    public void Members_OfADevice_AreSharedOrItsOwn() =>
        Assert.Equal(["device", "offload", "sensors"], Names(Device()).Except(Shared.Select(row => row.Data)).Order(StringComparer.Ordinal));

    // Each speaks of itself as what it is.
    [Theory]
    [MemberData(nameof(Shared))]
    public void Member_OfBothSchemas_IsTheSameInBoth(string name) =>
        Assert.Equal(Text(Device(), "properties", name).Replace("this device's", "this server's", StringComparison.Ordinal), Text(Server(), "properties", name));

    [Fact]
    public void Definitions_OfBothSchemas_AreTheSame() => Assert.Equal(Text(Device(), "$defs"), Text(Server(), "$defs"));

    private static JsonElement Device() => Read(typeof(RuntimeConfig), "edge-runtime.schema.json");

    private static JsonElement Server() => Read(typeof(OffloadConfig), "edge-offload.schema.json");

    private static JsonElement Read(Type reader, string resource)
    {
        using var schema = JsonDocument.Parse(reader.Assembly.GetManifestResourceStream(resource)!);
        return schema.RootElement.Clone();
    }

    private static IEnumerable<string> Names(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(member => member.Name);

    private static string Text(JsonElement schema, params string[] path) => path.Aggregate(schema, (element, name) => element.GetProperty(name)).GetRawText();
}
