using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Configuration;

public sealed class ServingConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Everything_IsReadAndPathsAreRelativeToTheFile()
    {
        SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(_folder["keys"], "release");
        File.WriteAllText(_folder["ocr.bundle"], "");
        File.WriteAllText(_folder["password"], "secret\n");
        var settings = Load("""
            {
              // comments are allowed
              "fleet": "lab", "device": "dev-1", "root": "data", "target": "x86-avx2",
              "broker": {"host": "broker.example", "port": 1884, "user": "dev-1", "passwordFile": "password"},
              "models": [{"name": "ocr", "source": "ocr.bundle", "variant": "fp32", "threads": 2, "memoryBudgetBytes": 268435456}],
              "trust": {"keys": ["keys"], "threshold": 1},
              "limits": {"queueMessages": 8, "queueBytes": 1048576, "perClient": 2, "payloadBytes": 65536, "drainMs": 500},
              "log": {"level": "debug", "format": "json"}
            }
            """);
        Assert.Equal((_folder["data"], "x86-avx2", "secret"), (settings.Root, settings.Target.Name, settings.Broker!.Password));
        var model = Assert.Single(settings.Models);
        Assert.Equal((_folder["ocr.bundle"], "fp32", 2), (model.Source, model.Variant, model.Threads));
        Assert.Equal(new ByteCount(256 << 20), model.MemoryBudget);
        Assert.Equal((8, 2, 500.0), (settings.Limits.QueueMessages, settings.Limits.PerClient, settings.Limits.Drain.TotalMilliseconds));
        Assert.True(settings.Log.Json);
        Assert.Single(settings.Trust!.Keys);
    }

    [Fact]
    public void Load_ManyMistakes_AllAreReportedAtOnceWithTheirPaths()
    {
        var error = Assert.Throws<ConfigException>(() => Load("""
            {
              "fleet": "Lab", "fleet": "lab", "root": 7, "target": "toaster", "colour": "red",
              "broker": {"port": 70000, "tls": true, "certificate": "missing.pem", "password": "in the open"},
              "models": [{"name": "ocr"}, {"name": "ocr", "threads": 0, "variant": "a/b"}, 5],
              "limits": {"queueMessages": 1.5},
              "log": {"level": "loud"}
            }
            """));
        string[] expected =
        [
            "$.fleet: stands twice", "$.fleet: 'Lab' is not a name", "$.device: is missing", "$.root: must be a text", "$.target: unknown target 'toaster'",
            "$.colour: unknown", "$.broker.port: must be a whole number from 1 to 65535, is 70000", "$.broker.ca: is missing", "$.broker.certificate: no file",
            "$.broker.key: is missing", "$.broker.password: unknown", "$.models: names 'ocr' 2 times", "$.models[1].threads: must be a whole number from 1 to 256, is 0",
            "$.models[1].variant: 'a/b'", "$.models[2]: must be an object, is 5", "$.trust: is missing", "$.limits.queueMessages: must be a whole number",
            "$.log.level: 'loud' is not one of error, warning, info, debug",
        ];
        foreach (var problem in expected) Assert.Contains(error.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"name": "a"}]""", "a")]
    [InlineData("""[{"name": "a", "version": "1.0"}]""", "a@1.0")]
    [InlineData("""[{"name": "a", "version": "1.0"}, {"name": "a"}]""", "a")]
    [InlineData("""[{"name": "a", "version": "1.0", "default": true}, {"name": "a"}, {"name": "b", "version": "1.0"}]""", "a@1.0,b@1.0")]
    [InlineData("""[{"name": "a", "version": "1.0"}, {"name": "a", "version": "2.0", "default": true}]""", "a@2.0")]
    public void Load_Versions_OneOfEachNameIsTheDefault(string models, string defaults)
    {
        SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(_folder["keys"], "release");
        var settings = Load($$"""{"fleet": "lab", "device": "d", "root": "r", "broker": {}, "trust": {"keys": ["keys"]}, "models": {{models}}}""");
        Assert.Equal(defaults, string.Join(',', settings.Models.Where(model => model.IsDefault).Select(model => model.Slot)));
    }

    [Fact]
    public void Load_VersionsWrong_AllAreReportedAtOnceWithTheirPaths()
    {
        var error = Assert.Throws<ConfigException>(() => Load("""
            {
              "fleet": "lab", "device": "d", "root": "r", "broker": {},
              "models": [
                {"name": "twice", "version": "1"}, {"name": "twice", "version": "1", "default": true},
                {"name": "none", "version": "1"}, {"name": "none", "version": "2"},
                {"name": "both", "version": "1", "default": true}, {"name": "both", "default": true},
                {"name": "odd", "version": "A b", "default": "yes"}
              ]
            }
            """));
        string[] expected =
        [
            "$.models: names 'twice@1' 2 times", "$.models: pins 2 versions of 'none' and says of none that it is the default", "$.models: has 2 defaults of 'both', one is allowed",
            "$.models[6].version: 'A b' is not a name", "$.models[6].default: must be true or false",
        ];
        foreach (var problem in expected) Assert.Contains(error.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_Telemetry_IsRead()
    {
        var settings = Load("""
            {"fleet": "lab", "device": "d", "root": "r", "broker": {},
             "metrics": {"publish": false, "intervalMs": 250, "tritonDurations": true}, "tracing": {"otlpEndpoint": "https://collector.example:4318/otlp", "sampleRatio": 0.5}}
            """);
        Assert.Equal((false, 250.0, true), (settings.Metrics.Publish, settings.Metrics.Interval.TotalMilliseconds, settings.Metrics.TritonDurations));
        Assert.Equal((new Uri("https://collector.example:4318/otlp"), 0.5), (settings.Tracing.OtlpEndpoint, settings.Tracing.SampleRatio));
    }

    [Theory]
    [InlineData("""{"sampleRatio": 1.5}""", "$.tracing.sampleRatio: must be a number from 0 to 1, is 1.5")]
    [InlineData("""{"sampleRatio": "all"}""", "$.tracing.sampleRatio: must be a number from 0 to 1")]
    [InlineData("""{"otlpEndpoint": "collector:4318"}""", "$.tracing.otlpEndpoint: 'collector:4318' is not an http or https address")]
    [InlineData("""{"otlpEndpoint": "http://me:secret@collector"}""", "$.tracing.otlpEndpoint: ")]
    public void Load_TracingWrong_IsRefused(string tracing, string problem)
    {
        var error = Assert.Throws<ConfigException>(() => Load($$"""{"fleet": "lab", "device": "d", "root": "r", "broker": {}, "tracing": {{tracing}}}"""));
        Assert.Contains(error.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ca": "ca.pem"}""", "$.broker.tls: is false, yet certificates are given")]
    [InlineData("""{"tls": true, "ca": "ca.pem", "key": "ca.pem"}""", "$.broker.certificate: is missing")]
    [InlineData("""{"passwordFile": "ca.pem"}""", "$.broker.user: is missing")]
    [InlineData("""{"tls": true, "ca": "ca.pem", "unixSocket": "/run/mosquitto.sock"}""", "$.broker.unixSocket: is given together with tls")]
    public void Load_SecurityHalfSet_IsRefused(string broker, string problem)
    {
        File.WriteAllText(_folder["ca.pem"], "");
        var error = Assert.Throws<ConfigException>(() => Load($$"""{"fleet": "lab", "device": "d", "root": "r", "broker": {{broker}}}"""));
        Assert.Contains(error.Problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"fleet\":")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}")]
    public void Load_NoConfiguration_IsRefused(string json) => Assert.Throws<ConfigException>(() => Load(json));

    [Fact]
    public void Load_MissingFile_NamesIt() =>
        Assert.Contains("nowhere.json", Assert.Throws<ConfigException>(() => ServingConfig.Load(_folder["nowhere.json"], "device")).Message, StringComparison.Ordinal);

    [Fact]
    public void Schema_EveryMember_IsKnownToTheReader()
    {
        using var stream = typeof(RuntimeConfig).Assembly.GetManifestResourceStream("edge-runtime.schema.json")!;
        using var schema = JsonDocument.Parse(stream);
        var error = Assert.Throws<ConfigException>(() => Load(Sample(schema.RootElement)));
        Assert.DoesNotContain(error.Problems, problem => problem.Contains(": unknown", StringComparison.Ordinal) && !problem.Contains("target", StringComparison.Ordinal));
    }

    [Fact]
    public void Reader_EveryMember_IsInTheSchema()
    {
        using var stream = typeof(RuntimeConfig).Assembly.GetManifestResourceStream("edge-runtime.schema.json")!;
        using var schema = JsonDocument.Parse(stream);
        var error = Assert.Throws<ConfigException>(() => Load("""{"?":1,"broker":{"?":1},"models":[{"?":1}],"trust":{"?":1},"http":{"?":1},"limits":{"?":1},"metrics":{"?":1},"tracing":{"?":1},"offload":{"?":1},"sensors":{"?":1},"log":{"?":1}}"""));
        foreach (var problem in error.Problems.Where(problem => problem.Contains("known here are", StringComparison.Ordinal)))
        {
            var section = Section(schema.RootElement, problem[..problem.IndexOf(".?", StringComparison.Ordinal)]);
            foreach (var name in problem[(problem.IndexOf("are ", StringComparison.Ordinal) + 4)..].Split(", "))
                Assert.True(section.TryGetProperty(name, out _), $"{problem}: '{name}' is not in the schema");
        }
    }

    private static JsonElement Section(JsonElement schema, string path)
    {
        var properties = schema.GetProperty("properties");
        foreach (var name in path.Split('.').Skip(1))
        {
            var member = properties.GetProperty(name.Replace("[0]", "", StringComparison.Ordinal));
            properties = (member.TryGetProperty("items", out var items) ? items : member).GetProperty("properties");
        }
        return properties;
    }

    // A document with every member that the schema knows, each with a value of some wrong kind or other: only names matter.
    private static string Sample(JsonElement schema) =>
        "{" + string.Join(',', schema.GetProperty("properties").EnumerateObject().Select(member => $"\"{member.Name}\":{SampleOf(member.Value)}")) + "}";

    private static string SampleOf(JsonElement member) => member.TryGetProperty("properties", out _) ? Sample(member)
        : member.TryGetProperty("items", out var items) && items.TryGetProperty("properties", out _) ? $"[{Sample(items)}]"
        : "\"x\"";

    private ServingSettings Load(string json)
    {
        File.WriteAllText(_folder["edge-runtime.json"], json);
        return RuntimeConfig.Load(_folder["edge-runtime.json"]).Serving;
    }
}
