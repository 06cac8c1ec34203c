using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging;
using EdgeRuntime.Offload.Configuration;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Tests.Support;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Links;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>A server of a pool in this process, all of it real but the link: the test is its broker and its devices. Made from the text of an edge-offload.json.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Fleet = "lab", Server = "gpu-1", Device = "dev-1";
    public const string Numbers = """{"id":"7","inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2.5,-3,4]}]}""";

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HostProbe _probe = new();
    private readonly List<string> _models = [];
    private Task _running = Task.CompletedTask;
    private ServingHost? _host;

    public TestServer() => Bundles = new BundleMaker(_folder.Path);

    public BundleMaker Bundles { get; }
    public InMemoryLink Link => _probe.Link;

    /// <summary>The section executor.</summary>
    public required string Executor { get; init; }

    /// <summary>Whether it listens to HTTP.</summary>
    public bool HasHttp { get; init; }
    public HttpClient Http { get; private set; } = null!;

    public string Log => _probe.Log;

    public static string Cluster(Uri url, string protocol = "http") => $$"""{"kind":"cluster","url":"{{url}}","protocol":"{{protocol}}"}""";

    /// <summary>A model that the cluster has alone.</summary>
    /// <param name="name">Its name here.</param>
    /// <param name="more">Members of it.</param>
    public TestServer With(string name, string more = "")
    {
        _models.Add($$"""{"name":"{{name}}"{{more}}}""");
        return this;
    }

    /// <summary>A model of which a bundle is served here.</summary>
    public TestServer With(string name, byte[] model, Func<BundleWriter, Manifest, Manifest>? edit = null) =>
        With(name, $""","source":{JsonSerializer.Serialize(Bundles.Make(name, model, ThisMachine.TargetName, edit))}""");

    public async Task<TestServer> StartAsync()
    {
        File.WriteAllText(_folder["edge-offload.json"], $$"""
            {"fleet":"{{Fleet}}","server":"{{Server}}","root":"root","broker":{"host":"unused"},"models":[{{string.Join(',', _models)}}],"trust":{"keys":["{{Bundles.TrustedKey}}"]},"limits":{"drainMs":1000},"executor":{{Executor}}}
            """);
        var settings = OffloadConfig.Load(_folder["edge-offload.json"]);
        var serving = HasHttp ? settings.Serving with { Http = new HttpSettings { Port = 0 } } : settings.Serving;
        _host = new ServingHost(serving, host => new ServerRole(host, settings.Pool, settings.Cluster), _probe.Connect, _probe.Events, TimeProvider.System);
        _running = _host.RunAsync(_stop.Token);
        await WaitForAsync(IsBeacon);
        if (HasHttp) Http = new HttpClient { BaseAddress = new Uri(await _host.Http!.Listening) };
        return this;
    }

    /// <summary>Starts, and waits until the beacon says that the cluster has each model.</summary>
    public async Task<TestServer> StartWithClusterAsync()
    {
        await StartAsync();
        await WaitForBeaconAsync(beacon => beacon.GetProperty("executor").GetString() == "cluster" && beacon.GetProperty("models").GetArrayLength() == _models.Count);
        return this;
    }

    /// <summary>Asks by the topic of this server, as a device does, and waits for the answer.</summary>
    public Task<SentMessage> AskAsync(string model, string json = Numbers, int deadlineMs = 20_000, params (string Name, string Value)[] properties) =>
        AnswerAsync(Send(model, Encoding.UTF8.GetBytes(json), "application/json", deadlineMs, properties));

    public Task<SentMessage> AnswerAsync(byte[] correlation) => WaitForAsync(sent => sent.CorrelationData.AsSpan().SequenceEqual(correlation));

    /// <returns>The correlation data of the request.</returns>
    public byte[] Send(string model, byte[] payload, string contentType, int deadlineMs = 20_000, params (string Name, string Value)[] properties)
    {
        var correlation = Guid.NewGuid().ToByteArray();
        var all = new MqttUserProperties();
        all.Add("deadline-ms", deadlineMs.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in properties) all.Add(name, value);
        Link.Deliver(new MqttPublication(Encoding.UTF8.GetBytes(Topics.ServerInfer(Fleet, Server, model, Device)), payload)
        {
            ResponseTopic = Encoding.UTF8.GetBytes(Topics.Of(TopicKind.OffloadResponse, Fleet, Device)),
            CorrelationData = correlation,
            ContentType = Encoding.UTF8.GetBytes(contentType),
            Expiry = TimeSpan.FromSeconds(30),
            Qos = MqttQos.AtMostOnce,
            UserProperties = all,
        });
        return correlation;
    }

    /// <summary>A device needs no answer to a request any more.</summary>
    public void Cancel(byte[] correlation, string device = Device) =>
        Link.Deliver(new MqttPublication(Encoding.UTF8.GetBytes(Topics.ServerCancel(Fleet, Server, device)), correlation) { Qos = MqttQos.AtMostOnce });

    /// <summary>Waits for a beacon from now on that is so.</summary>
    public async Task WaitForBeaconAsync(Func<JsonElement, bool> isIt)
    {
        int seen = Link.Sent.Count;
        await WaitForAsync(_ => Link.Sent.Skip(seen).Any(sent => IsBeacon(sent) && isIt(JsonDocument.Parse(sent.Payload).RootElement)));
    }

    public Task<SentMessage> WaitForAsync(Func<SentMessage, bool> isIt) => _probe.WaitForAsync(isIt);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(HostProbe.Patience, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_host is not null) await _host.DisposeAsync();
        if (HasHttp) Http.Dispose();
        _stop.Dispose();
        _probe.Dispose();
        _folder.Dispose();
    }

    private static bool IsBeacon(SentMessage sent) => sent.Topic == Topics.Of(TopicKind.ServerState, Fleet, Server);
}
