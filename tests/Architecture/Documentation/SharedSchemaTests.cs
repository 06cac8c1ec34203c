using System.Text.Json;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Offload.Configuration;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Devices and servers read the same sections with the same reader: each schema is whole by itself, and says the same of them.</summary>
public sealed class SharedSchemaTests
{
    public static TheoryData<string> Shared => ["$schema", "broker", "fleet", "http", "limits", "log", "metrics", "root", "target", "tracing", "trust"];

    [Fact]
    public void Members_OfADevice_AreSharedOrItsOwn() =>
        Assert.Equal(["device", "models", "offload", "sensors"], Names(Device()).Except(Shared.Select(row => row.Data)).Order(StringComparer.Ordinal));

    // Each speaks of itself as what it is.
    [Theory]
    [MemberData(nameof(Shared))]
    public void Member_OfBothSchemas_IsTheSameInBoth(string name) =>
        Assert.Equal(Text(Device(), "properties", name).Replace("this device's", "this server's", StringComparison.Ordinal), Text(Server(), "properties", name));

    // A server's model may be a cluster's.
    [Fact]
    public void Model_OfBothSchemas_HasTheSameMembersButForTheCluster()
    {
        string[] entry = ["properties", "models", "items", "properties"];
        var (device, server) = (entry.Aggregate(Device(), Of), entry.Aggregate(Server(), Of));
        Assert.Equal([.. Members(device)], Members(server).Where(name => name != "cluster"));
        Assert.All(Members(device).Where(name => name != "source"), name => Assert.Equal(Text(device, name).Replace("this device's", "this server's", StringComparison.Ordinal), Text(server, name)));
    }

    [Fact]
    public void Definitions_OfBothSchemas_AreTheSame() => Assert.Equal(Text(Device(), "$defs"), Text(Server(), "$defs"));

    private static JsonElement Device() => Read(typeof(RuntimeConfig), "edge-runtime.schema.json");

    private static JsonElement Server() => Read(typeof(OffloadConfig), "edge-offload.schema.json");

    private static JsonElement Read(Type reader, string resource)
    {
        using var schema = JsonDocument.Parse(reader.Assembly.GetManifestResourceStream(resource)!);
        return schema.RootElement.Clone();
    }

    private static IEnumerable<string> Names(JsonElement schema) => Members(schema.GetProperty("properties"));

    private static IEnumerable<string> Members(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private static JsonElement Of(JsonElement element, string name) => element.GetProperty(name);

    private static string Text(JsonElement schema, params string[] path) => path.Aggregate(schema, Of).GetRawText();
}
