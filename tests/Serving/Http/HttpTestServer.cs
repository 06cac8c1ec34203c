using System.Net;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Http;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>
/// The way in over HTTP with an identity model <c>m</c> behind it, all of it real, on a port of its own. Without a worker, requests wait until a
/// test takes them from <see cref="Lane"/>.
/// </summary>
internal sealed class HttpTestServer : IAsyncDisposable
{
    public const string Json = """{"id":"7","inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";

    private readonly TestModel _model;
    private readonly ResponseCounters _counters;
    private readonly RequestGate _gate;
    private readonly LaneWorker? _worker;
    private readonly ModelServer _server;
    private readonly StringWriter _lines = new();

    private HttpTestServer(HttpSettings http, LimitSettings limits, HttpHooks hooks, bool works, bool allReady, byte[]? model, Func<BundleWriter, Manifest, Manifest>? edit)
    {
        _model = new TestModel(model ?? TestModels.Identity(), edit);
        var log = new EventLog(TextWriter.Synchronized(_lines), LogLevel.Debug, json: false, TimeProvider.System);
        var settings = Settings(http, limits);
        Lane = new ModelLane("m", limits.QueueMessages);
        var lanes = new ModelLanes(allReady ? [Lane] : [Lane, new ModelLane("cold", 1)]);
        _counters = new ResponseCounters(log);
        Admitted = new AdmissionBudget(limits);
        var dismissal = new Dismissal(new Responder(_counters), new DeviceMetrics("0.1.0", TimeProvider.System), TimeProvider.System);
        _gate = new RequestGate(settings, Admitted, lanes, dismissal, TimeProvider.System);
        _server = new ModelServer(Lane, _model.Served, new Responder(_counters), Recorder(Lane), ProtocolLimits.Default, log, TimeProvider.System, CancellationToken.None);
        Lane.Serve(_model.Served, null, _server);
        if (works) _worker = new LaneWorker(Lane, dismissal, [], log);
        Front = new HttpFront(settings, _gate, lanes, _counters, hooks, log, TimeProvider.System);
    }

    private static RequestRecorder Recorder(ModelLane lane) => new(lane.Name, new DeviceMetrics("0.1.0", TimeProvider.System).Model(lane.Name), null, TimeProvider.System);

    public HttpFront Front { get; }
    public ModelLane Lane { get; }
    public AdmissionBudget Admitted { get; }
    public string Log => _lines.ToString();
    public IPEndPoint EndPoint { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;

    public static async Task<HttpTestServer> StartAsync(HttpSettings? http = null, LimitSettings? limits = null, HttpHooks? hooks = null, bool works = true, bool allReady = true,
        byte[]? model = null, Func<BundleWriter, Manifest, Manifest>? edit = null)
    {
        var server = new HttpTestServer((http ?? new HttpSettings()) with { Port = 0 }, limits ?? new LimitSettings(), hooks ?? new HttpHooks(), works, allReady, model, edit);
        await server.Front.StartAsync(CancellationToken.None);
        var address = new Uri((await server.Front.Listening).Replace("unix:", "unix-", StringComparison.Ordinal));
        server.Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        if (http?.UnixSocket is null) server.EndPoint = new IPEndPoint(IPAddress.Loopback, address.Port);
        return server;
    }

    public void CloseGate()
    {
        _gate.Close();
        Front.Close();
    }

    public long Count(InferenceStatus status) => _counters[status];

    public static HttpContent Body(string text, string? type = "application/json")
    {
        var content = new StringContent(text);
        content.Headers.ContentType = type is null ? null : System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public async ValueTask DisposeAsync()
    {
        Lane.Close();
        if (_worker is null || _worker.Join(TimeSpan.FromSeconds(20))) _server.Dispose();
        using (var late = new CancellationTokenSource(TimeSpan.FromSeconds(1))) await Front.StopAsync(late.Token);
        await Front.DisposeAsync();
        Client.Dispose();
        _model.Dispose();
    }

    /// <summary>Of a device with neither broker nor models.</summary>
    public static ServingSettings Settings(HttpSettings http, LimitSettings limits) => new()
    {
        Fleet = "lab",
        Role = "device",
        Name = "dev-1",
        Root = "unused",
        Target = Target.Load(ThisMachine.TargetName),
        Broker = new BrokerSettings { Host = "unused", Port = 1 },
        Models = [],
        Trust = null,
        Http = http,
        Limits = limits,
        Log = new LogSettings(),
    };
}
