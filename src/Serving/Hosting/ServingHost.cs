using EdgeRuntime.Inference;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Catalog;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Http;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.Serving.Supervision;
using EdgeRuntime.Serving.Tracing;
using EdgeRuntime.Serving.Transport;
using EdgeRuntime.Serving.Trials;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>
/// A device or a server, composed in the order in which a request flows: link > router > intake > gate > lanes > workers > responder > link. Serves
/// until it is told to stop, then answers what it accepted, says that it is offline and takes leave of the broker.
/// </summary>
internal sealed class ServingHost : IAsyncDisposable
{
    private static readonly TimeSpan LeaveTaking = TimeSpan.FromSeconds(2);

    private readonly ServingSettings _settings;
    private readonly IServingRole _role;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly MessageRouter _router;
    private readonly IMqttLink _link;
    private readonly ModelLanes _lanes;
    private readonly AdmissionBudget _budget;
    private readonly ResponseCounters _counters;
    private readonly RequestGate _gate;
    private readonly Cancellation _cancellation;
    private readonly MqttIntake _intake;
    private readonly HttpFront? _http;
    private readonly SessionCache _cache;
    private readonly DeviceMetrics _metrics;
    private readonly MetricsReport _report;
    private readonly Tracer? _tracer;
    private readonly OtlpExporter? _exporter;
    private volatile bool _draining;
    private readonly ModelCatalog _catalog;
    private readonly CancellationTokenSource _abandon = new(), _exhausted = new();

    /// <param name="settings">What to serve, and how.</param>
    /// <param name="create">Makes what this host is among others: which topics are its own, what it says of itself.</param>
    /// <param name="connect">Makes the link to the broker; it is this host's from then on.</param>
    /// <param name="log">Where events go.</param>
    /// <param name="time">The clock.</param>
    public ServingHost(ServingSettings settings, Func<ServingIdentity, IServingRole> create, Func<MqttLinkOptions, MqttMessageHandler, IMqttLink> connect, EventLog log, TimeProvider time)
    {
        (_settings, _log, _time) = (settings, log, time);
        var boot = Guid.NewGuid().ToString("n");
        _metrics = new DeviceMetrics(ProgramVersion.Text, time);
        _cache = new SessionCache(settings.Root, settings.Target.Storage.CacheBytes);
        _lanes = new ModelLanes([]);
        _budget = new AdmissionBudget(settings.Limits);
        _counters = new ResponseCounters(log);
        _role = create(new ServingIdentity(settings, boot, ProgramVersion.Text, _lanes, log, time));
        _router = new MessageRouter(_role);
        _link = settings.Broker is { } broker ? connect(LinkOptions.Of(settings, broker, _role.Will), _router.Route) : new NoBrokerLink();
        var dismissal = new Dismissal(new Responder(_counters), _metrics, time);
        _catalog = new ModelCatalog(settings, _lanes, Parts(dismissal));
        _gate = new RequestGate(settings, _budget, _lanes, dismissal, time);
        _cancellation = new Cancellation(_lanes, dismissal);
        _intake = new MqttIntake(_role.Replies, _gate, new MqttRequestPool(_link, _role.Replies, _counters), new Responder(_counters), _metrics, _lanes, time);
        _report = new MetricsReport(_metrics, settings.Name, boot, time);
        if (settings.Tracing.OtlpEndpoint is { } collector)
        {
            var chance = new Random(boot.GetHashCode(StringComparison.Ordinal));
            _tracer = new Tracer(settings.Tracing.SampleRatio, chance, time);
            _exporter = new OtlpExporter(_tracer, collector, new OtlpJson(settings.Name, settings.Fleet, ProgramVersion.Text, _tracer.Ids), log, chance, time);
        }
        _gate.Desk = _cancellation.Desk = _role.Join(new RoleParts(_link, dismissal, _counters, _metrics, Recorder, Limits()));
        Observe();
        if (settings.Http is not null) _http = new HttpFront(settings, _gate, _lanes, _counters, Hooks(), log, time);
        _link.StateChanged += OnLinkChanged;
        _link.Faulted += fault => log.Warning("mqtt", $"{fault.Kind}: {fault.Text}");
    }

    /// <summary>Who is told that the device is ready, alive and stopping.</summary>
    public ServiceManager Manager { get; init; } = ServiceManager.None;

    /// <summary>The way in over HTTP; null where it is off.</summary>
    public HttpFront? Http => _http;

    /// <summary>What is counted of this device.</summary>
    public DeviceMetrics Metrics => _metrics;

    /// <summary>The lanes of all models, to cap them.</summary>
    public ModelLanes Lanes => _lanes;

    /// <summary>The models, to load and unload them.</summary>
    public ModelCatalog Catalog => _catalog;

    /// <summary>Why the service manager should start the device anew; null where it need not.</summary>
    public string? NeedsRestart { get; private set; }

    /// <summary>Reads the configuration again and makes the models be what it says, while requests go on; see <see cref="ModelCatalog.ReloadAsync"/>.</summary>
    public Task ReloadAsync(Func<ServingSettings> read) => _catalog.ReloadAsync(read);

    /// <summary>Serves until <paramref name="stop"/>; returns after a clean shutdown.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _exhausted.Token);
        stop = either.Token;
        _log.Info(_settings.Role, $"{_settings.Name} of fleet {_settings.Fleet}, target {_settings.Target.Name}, root {_settings.Root}");
        _router.Open(_intake, _cancellation);
        foreach (var each in _role.Subscriptions) _link.Subscribe(each.Filter, MqttQos.AtLeastOnce, each.Options);
        var connecting = ConnectAsync(stop);
        var telling = TellAsync(stop);
        var listening = _http?.StartAsync(stop) ?? Task.CompletedTask;
        await _catalog.StartAsync(stop).ConfigureAwait(false);
        Manager.Ready(IsAlive, $"{_lanes.All.Count(lane => lane.Model is not null)} of {_lanes.All.Count} models in service"); // without waiting for a broker
        await connecting.ConfigureAwait(false);
        _role.Ready(_link);
        _log.Info(_settings.Role, stop.IsCancellationRequested ? "stopped before it was ready" : "ready");
        await _role.BeatAsync(stop).ConfigureAwait(false);
        _log.Info(_settings.Role, "stopping");
        await listening.ConfigureAwait(false);
        await ShutDownAsync().ConfigureAwait(false);
        await telling.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_http is not null) await _http.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        await _role.DisposeAsync().ConfigureAwait(false);
        _catalog.Dispose();
        _exhausted.Dispose();
        _abandon.Dispose();
        _report.Dispose();
        _cache.Dispose();
    }

    // A refusal that trying again does not mend is an error for the operator; the device goes on trying, since someone may mend it at the other end.
    private async Task ConnectAsync(CancellationToken stop)
    {
        try
        {
            await _link.ConnectAsync(stop).ConfigureAwait(false);
        }
        catch (MqttLinkException error)
        {
            _log.Error("mqtt", error.Message);
        }
        catch (OperationCanceledException)
        {
            _log.Info("mqtt", "stopped while connecting");
        }
    }

    private Task TellAsync(CancellationToken stop)
    {
        var publishing = _settings.Metrics.Publish && _role.MetricsTopic is { } topic
            ? new MetricsPublisher(_report, _link, topic, _settings.Metrics.Interval, _time).RunAsync(stop)
            : Task.CompletedTask;
        return _exporter is null ? publishing : Task.WhenAll(publishing, _exporter.RunAsync(stop));
    }

    // What the metrics ask when they are read.
    private void Observe()
    {
        (_metrics.Link, _metrics.AnswersLost, _metrics.Strays, _metrics.Repeated) = (_link, () => _counters.LostAnswers, () => _router.Strays, () => _intake.Repeated);
        if (_exporter is { } exporter) _metrics.Spans = () => exporter.Spans;
    }

    private void Observe(ModelLane lane) => _metrics.Model(lane.Name).Observe(lane.Slot.Version, new ModelGauges
    {
        QueueLength = () => lane.Waiting,
        InFlight = () => lane.InFlight,
        ConcurrencyLimit = () => lane.BatchLimit,
        LoadedBytes = () => lane.Model?.Memory.Bytes ?? 0,
        State = () => lane.State,
        Info = () => InfoOf(lane.Model),
    });

    private static ModelInfo? InfoOf(ServedModel? model) =>
        model is null ? null : new ModelInfo(model.Version, model.Variant.Id, model.Variant.Form.ToString().ToLowerInvariant(), model.Variant.Provider);

    // A worker whose thread has ended answers nobody any more.
    private bool IsAlive() => _draining || _catalog.IsAlive;

    private async Task ShutDownAsync()
    {
        _draining = true;
        Manager.Stopping();
        _gate.Close();
        _http?.Close();
        if (_settings.Broker is not null) _role.Draining("shutting down");
        foreach (var each in _role.Subscriptions.Where(each => each.IsOfRequests)) _link.Unsubscribe(each.Filter);
        await _catalog.CloseAsync(LeaveTaking).ConfigureAwait(false);
        foreach (var lane in _lanes.All) lane.Close();
        var draining = _gate.Desk?.DrainAsync(_settings.Limits.Drain) ?? Task.CompletedTask;
        if (!_catalog.Join(_settings.Limits.Drain))
        {
            _log.Warning(_settings.Role, $"{_budget.Active} accepted requests were not answered within {_settings.Limits.Drain.TotalSeconds} s (limits.drainMs): they are told so");
            await _abandon.CancelAsync().ConfigureAwait(false);
            if (!_catalog.Join(LeaveTaking)) _log.Error(_settings.Role, $"{_budget.Active} requests could not be ended");
        }
        await draining.ConfigureAwait(false);
        if (_http is not null) await StopHttpAsync(_http).ConfigureAwait(false);
        if (_settings.Broker is not null) _role.Offline("shut down");
        await _link.DisconnectAsync(LeaveTaking, CancellationToken.None).ConfigureAwait(false);
        _log.Info(_settings.Role, $"stopped; answered {_counters[InferenceStatus.Ok]} requests");
    }

    // Every request is answered by now: what is left is to hand the answers over.
    private async Task StopHttpAsync(HttpFront http)
    {
        using var late = new CancellationTokenSource(LeaveTaking, _time);
        await http.StopAsync(late.Token).ConfigureAwait(false);
    }

    private void OnLinkChanged(MqttLinkState state, string reason)
    {
        if (state == MqttLinkState.Disconnected) _log.Warning("mqtt", $"disconnected: {reason}");
        else _log.Info("mqtt", reason);
        _role.LinkChanged(state);
        _role.Publish();
    }

    private void OnInferenceEvent(InferenceEvent happened)
    {
        if (happened.Kind is InferenceEventKind.CacheOpened or InferenceEventKind.Swapped) _log.Info(happened.Variant, $"{happened.Kind}: {happened.Text}");
        else _log.Warning(happened.Variant, $"{happened.Kind}: {happened.Text}");
        if (happened.Kind == InferenceEventKind.Swapped) _role.Publish();
    }

    private CatalogParts Parts(Dismissal dismissal) => new()
    {
        Cache = _cache,
        Turns = new ComputeTurns(ThisMachine.RunsAtOnce(_settings), _time),
        Server = (lane, model) => new ModelServer(lane, model, new Responder(_counters), Recorder(lane), Limits(), _log, _time, _abandon.Token),
        Added = Observe,
        Removed = lane => _metrics.Model(lane.Name).Forget(lane.Slot.Version),
        Dismissal = dismissal,
        Told = OnInferenceEvent,
        Changed = () => _role.Publish(),
        Exhausted = OnExhausted,
        Trial = _settings.Program is { } program && _settings.File is { } file ? new ModelTrial(new TrialProcess(program, file), new TrialRecord(_settings.Root), _log) : null,
        Between = ThisMachine.RunsTakeAllCores(_settings) ? _link.Attend : null,
        Log = _log,
        Time = _time,
        Chance = new Random(Environment.TickCount),
    };

    private HttpHooks Hooks() => new()
    {
        Metrics = output => PrometheusText.Write(_metrics, output, _settings.Metrics.TritonDurations),
        Cancel = _cancellation.Cancel,
        Load = _catalog.LoadAsync,
        Unload = _catalog.UnloadAsync,
        Refused = CountRefusal,
    };

    // A name that is not configured is the sender's, and labels nothing.
    private void CountRefusal(string model, RefusalReason reason, TimeSpan took) =>
        (_lanes.Find(model) is not null ? _metrics.Model(model) : _metrics.Unknown).Refused(reason, took);

    private RequestRecorder Recorder(ModelLane lane) => new(lane.Name, _metrics.Model(lane.Name), _tracer, _time);

    private void OnExhausted(string reason)
    {
        NeedsRestart ??= reason;
        _exhausted.Cancel();
    }

    private ProtocolLimits Limits() => ProtocolLimits.Default with
    {
        MaxPayloadBytes = (int)_settings.Limits.PayloadBytes.Bytes,
        MaxDataBytes = Math.Max(ProtocolLimits.Default.MaxDataBytes, (int)_settings.Limits.PayloadBytes.Bytes),
    };
}
