using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Links;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Support;

/// <summary>A device in this process, all of it real but the link. Models are added before <see cref="StartAsync"/>.</summary>
internal sealed class TestDevice : IAsyncDisposable
{
    public const string Fleet = "lab", Device = "dev-1", Client = "me";

    private readonly TempFolder _folder = new();
    private CancellationTokenSource _stop = new();
    private readonly HostProbe _probe = new();
    private readonly List<ModelSettings> _models = [];
    private Task _running = Task.CompletedTask;
    private ServingHost? _host;

    public TestDevice() => Bundles = new BundleMaker(_folder.Path);

    public BundleMaker Bundles { get; }
    public InMemoryLink Link => _probe.Link;
    public LimitSettings Limits { get; init; } = new();
    public MetricsSettings Telemetry { get; init; } = new();
    public HttpSettings? Http { get; init; }
    public TracingSettings Tracing { get; init; } = new();
    public OffloadSettings? Offload { get; init; }
    public DeviceMetrics Metrics => _host!.Metrics;
    public ServingHost Host => _host ?? throw new InvalidOperationException("the device does not run");
    public string Root => _folder["root"];

    public string Log => _probe.Log;

    public TestDevice With(string name, byte[] model, Func<BundleWriter, Manifest, Manifest>? edit = null, bool pinned = false) =>
        With(new ModelSettings { Name = name, Source = Bundles.Make(name, model, ThisMachine.TargetName, edit), Pinned = pinned });

    /// <summary>As <see cref="With(string, byte[], Func{BundleWriter, Manifest, Manifest}?, bool)"/>, in place of what was served under that name.</summary>
    public void Renew(string name, byte[] model, Func<BundleWriter, Manifest, Manifest> edit)
    {
        _models.RemoveAll(served => served.Name == name);
        With(name, model, edit);
    }

    public TestDevice With(ModelSettings model)
    {
        _models.Add(model);
        return this;
    }

    public async Task<TestDevice> StartAsync()
    {
        _stop = new CancellationTokenSource();
        _host = DeviceHost.Create(new DeviceSettings { Serving = Settings(), Offload = Offload }, _probe.Connect, _probe.Events, TimeProvider.System);
        _running = _host.RunAsync(_stop.Token);
        await WaitForAsync(sent => sent.Topic.EndsWith("/state", StringComparison.Ordinal));
        return this;
    }

    /// <summary>Reads the configuration again, as SIGHUP does.</summary>
    public Task ReloadAsync() => Host.ReloadAsync(Settings);

    /// <summary>What would be read from the file now.</summary>
    public ServingSettings Settings() => new()
    {
        Fleet = Fleet,
        Role = "device",
        Name = Device,
        Root = Root,
        Target = Target.Load(ThisMachine.TargetName),
        Broker = new BrokerSettings { Host = "unused", Port = 1 },
        Models = [.. _models],
        Trust = TrustPolicy.Load(Bundles.TrustedKey),
        Http = Http,
        Limits = Limits,
        Log = new LogSettings(),
        Metrics = Telemetry,
        Tracing = Tracing,
    };

    /// <summary>A model is served no more, once the configuration is read again.</summary>
    public void Without(string name) => _models.RemoveAll(served => served.Name == name);

    /// <summary>Waits until the state's document holds a text.</summary>
    public Task<SentMessage> WaitForStateAsync(string text) =>
        WaitForAsync(sent => sent.Topic.EndsWith("/state", StringComparison.Ordinal) && sent.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until the models' document says that a model is in a state.</summary>
    public Task<SentMessage> WaitForModelAsync(string name, string state) =>
        WaitForAsync(sent => sent.Topic.EndsWith("/models", StringComparison.Ordinal) && sent.Text.Contains($"\"name\":\"{name}\",\"state\":\"{state}\"", StringComparison.Ordinal));

    /// <summary>Waits until the log holds a text so many times; looked for at each publication.</summary>
    public Task<SentMessage> WaitForLogAsync(string text, int times) => WaitForAsync(_ => Log.Split(text).Length > times);

    /// <summary>Sends a request and waits for its answer.</summary>
    public Task<SentMessage> AskAsync(string model, TestRequest request)
    {
        var correlation = Send(model, request);
        return WaitForAsync(sent => sent.CorrelationData.AsSpan().SequenceEqual(correlation));
    }

    /// <summary>Sends a request.</summary>
    /// <returns>Its correlation data.</returns>
    public byte[] Send(string model, TestRequest request)
    {
        var correlation = request.Correlation ?? Guid.NewGuid().ToByteArray();
        var properties = new MqttUserProperties();
        foreach (var (name, value) in request.Properties) properties.Add(name, value);
        Link.Deliver(new MqttPublication(Encoding.UTF8.GetBytes(Topics.Infer(Fleet, Device, model, request.Client)), request.Payload)
        {
            ResponseTopic = Encoding.UTF8.GetBytes(request.ResponseTopic ?? $"edge/v1/{Fleet}/c/{request.Client}/answers"),
            CorrelationData = request.HasCorrelation ? correlation : [],
            ContentType = Encoding.UTF8.GetBytes(request.ContentType),
            Expiry = request.Expiry,
            Retain = request.Retain,
            Qos = MqttQos.AtLeastOnce,
            UserProperties = properties,
        });
        return correlation;
    }

    /// <summary>Gives a request up.</summary>
    public void Cancel(byte[] correlation, string client = Client) =>
        Link.Deliver(new MqttPublication(Encoding.UTF8.GetBytes(Topics.Cancel(Fleet, Device, client)), correlation) { Qos = MqttQos.AtLeastOnce });

    public Task<SentMessage> WaitForAsync(Func<SentMessage, bool> isIt) => _probe.WaitForAsync(isIt);

    /// <summary>Shuts the device down; it can be started again on the same root.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(HostProbe.Patience, TestContext.Current.CancellationToken);
        if (_host is not null) await _host.DisposeAsync();
        _host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _probe.Dispose();
        _folder.Dispose();
    }
}
