using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Offload.Cluster;
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
    public void Load_ClusterOfKubernetes_HasItsModelAloneAndNeedsNoKeys()
    {
        var settings = Load("""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "models": [{"name": "ocr"}], "executor": {"kind": "cluster", "protocol": "grpc", "url": "http://triton:8001"}}""");
        Assert.Equal((ClusterProtocol.Grpc, new Uri("http://triton:8001")), (settings.Cluster!.Options.Protocol, settings.Cluster.Options.Url));
        Assert.Equal(new RemoteModel { Name = "ocr", IsAlone = true }, settings.Serving.Models.Single().Elsewhere);
        Assert.Null(settings.Serving.Trust);
    }

    [Fact]
    public void Load_ModelWithASource_IsServedHereToo()
    {
        File.WriteAllText(_folder["ocr.bundle"], "");
        SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(_folder["trust"], "release");
        var model = Load("""
            {"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "trust": {"keys": ["trust"]}, "executor": {"kind": "cluster", "url": "https://cluster/below", "connections": 3, "inFlight": 7},
             "models": [{"name": "ocr", "source": "ocr.bundle", "cluster": {"name": "OCR v4", "version": "2", "quality": 0.99}}]}
            """);
        Assert.Equal(new RemoteModel { Name = "OCR v4", Version = "2", Quality = 0.99 }, model.Serving.Models.Single().Elsewhere);
        Assert.Equal((3, 7), (model.Cluster!.Options.Connections, model.Cluster.InFlight));
    }

    [Theory]
    [InlineData("""{"kind": "local"}""")]
    [InlineData("{}")]
    public void Load_Local_HasNoCluster(string executor) =>
        Assert.Null(Load($$"""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "executor": {{executor}}}""").Cluster);

    [Theory]
    [InlineData("""{"kind": "remote"}""", "$.executor.kind: 'remote' is not one of local, cluster")]
    [InlineData("""{"kind": "cluster"}""", "$.executor.url: is missing")]
    [InlineData("""{"url": "http://a:1"}""", "$.executor.url: is given, yet kind is not cluster")]
    [InlineData("""{"kind": "cluster", "url": "triton"}""", "$.executor.url: 'triton' is neither http://HOST:PORT nor https://HOST:PORT")]
    [InlineData("""{"kind": "cluster", "url": "ftp://triton"}""", "$.executor.url: 'ftp://triton/' is neither http://HOST:PORT nor https://HOST:PORT")]
    [InlineData("""{"kind": "cluster", "url": "http://u:p@a:1"}""", "$.executor.url: must not hold a user or a password")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1/b", "protocol": "grpc"}""", "$.executor.url: 'http://a:1/b' has the path '/b', gRPC has none")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1", "protocol": "grpc", "encoding": "json"}""", "$.executor.encoding: is of http alone")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1", "protocol": "carrier"}""", "$.executor.protocol: 'carrier' is not one of http, grpc")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1", "connections": 0}""", "$.executor.connections: must be a whole number from 1 to 1024")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1", "inFlight": 5000}""", "$.executor.inFlight: must be a whole number from 1 to 4096")]
    [InlineData("""{"kind": "cluster", "url": "https://a:1", "ca": "no.pem"}""", "$.executor.ca: no file")]
    [InlineData("""{"kind": "cluster", "url": "https://a:1", "ca": "edge-offload.json"}""", "$.executor.ca: ")]
    [InlineData("""{"kind": "cluster", "url": "https://a:1", "certificate": "edge-offload.json"}""", "$.executor.key: certificate and key go together")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1", "ca": "edge-offload.json"}""", "$.executor.url: 'http://a:1/' is without TLS")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1", "urls": []}""", "$.executor.urls: unknown")]
    public void Load_WrongExecutor_SaysWhat(string executor, string problem)
    {
        var problems = Assert.Throws<ConfigException>(() => Load($$"""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "pool": "A pool", "executor": {{executor}}}""")).Problems;
        Assert.Contains(problems, found => found.StartsWith(problem, StringComparison.Ordinal));
        Assert.Contains(problems, found => found.StartsWith("$.pool", StringComparison.Ordinal)); // all of them at once
    }

    [Theory]
    [InlineData("""{"kind": "cluster", "url": "http://a:1"}""", """{"name": ".."}""", "$.models[0].cluster.name: model '..' of version '' has no path")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1"}""", """{"quality": 3}""", "$.models[0].cluster.quality: must be a number from 0 to 2")]
    [InlineData("""{"kind": "cluster", "url": "http://a:1"}""", """{"nam": "x"}""", "$.models[0].cluster.nam: unknown")]
    [InlineData("""{"kind": "local"}""", """{"name": "x"}""", "$.models[0].cluster: is given, yet the executor is not of kind cluster")]
    public void Load_WrongModelOfTheCluster_SaysWhat(string executor, string cluster, string problem) =>
        Assert.Contains(
            Assert.Throws<ConfigException>(() => Load($$"""{"fleet": "lab", "server": "gpu-1", "root": "r", "broker": {}, "executor": {{executor}}, "models": [{"name": "ocr", "cluster": {{cluster}}}]}""")).Problems,
            found => found.StartsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void Schema_SectionsOfTheCluster_AreThoseOfTheReader()
    {
        using var schema = JsonDocument.Parse(typeof(OffloadConfig).Assembly.GetManifestResourceStream("edge-offload.schema.json")!);
        var properties = schema.RootElement.GetProperty("properties");
        var problems = Assert.Throws<ConfigException>(() => Load("""{"executor": {"?": 1}, "models": [{"cluster": {"?": 1}}]}""")).Problems;
        Assert.Equal(Names(properties.GetProperty("executor")), Known(problems, "$.executor.?"));
        Assert.Equal(Names(properties.GetProperty("models").GetProperty("items").GetProperty("properties").GetProperty("cluster")), Known(problems, "$.models[0].cluster.?"));
    }

    private static IEnumerable<string> Names(JsonElement section) => section.GetProperty("properties").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);

    private static string[] Known(IEnumerable<string> problems, string path)
    {
        var unknown = problems.Single(problem => problem.StartsWith($"{path}: unknown", StringComparison.Ordinal));
        return unknown[(unknown.IndexOf("are ", StringComparison.Ordinal) + 4)..].Split(", ");
    }

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
