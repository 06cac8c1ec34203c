using System.Text.Json;
using EdgeRuntime.Offload.Configuration;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Configuration;

public sealed class OffloadConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Least_HasDefaults()
    {
        var settings = Load("""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}}""");
        Assert.Equal(("server", "gpu-1", "default"), (settings.Serving.Role, settings.Serving.Name, settings.Pool));
    }

    [Theory]
    [InlineData("""{"fleet": "lab", "server": "gpu-1", "root": "r", "http": {}}""", "$.broker: is missing")]
    [InlineData("""{"fleet": "lab", "device": "d", "root": "r", "broker": {}}""", "$.server: is missing")]
    [InlineData("""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "pool": "A pool"}""", "$.pool: 'A pool' is not a name")]
    [InlineData("""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "offload": {}}""", "$.offload: unknown")]
    public void Load_Wrong_SaysWhat(string json, string problem) =>
        Assert.Contains(Assert.Throws<ConfigException>(() => Load(json)).Problems, found => found.StartsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void Schema_Members_AreThoseOfTheReader()
    {
        using var schema = JsonDocument.Parse(typeof(OffloadConfig).Assembly.GetManifestResourceStream("edge-offload.schema.json")!);
        var members = schema.RootElement.GetProperty("properties").EnumerateObject().Select(member => member.Name).Where(name => name != "$schema").Order(StringComparer.Ordinal);
        var unknown = Assert.Throws<ConfigException>(() => Load("""{"?": 1}""")).Problems.Single(problem => problem.StartsWith("$.?: unknown", StringComparison.Ordinal));
        Assert.Equal(members, unknown[(unknown.IndexOf("are ", StringComparison.Ordinal) + 4)..].Split(", "));
    }

    private OffloadSettings Load(string json)
    {
        File.WriteAllText(_folder["edge-offload.json"], json);
        return OffloadConfig.Load(_folder["edge-offload.json"]);
    }
}
