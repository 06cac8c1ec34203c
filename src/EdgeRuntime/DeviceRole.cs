using System.Text;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Decisions;
using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Device.State;
using EdgeRuntime.Device.Transport;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Device;

/// <summary>A device among its fleet: asked by clients, with two retained documents and a heartbeat.</summary>
internal sealed class DeviceRole : IServingRole
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    private readonly ServingIdentity _host;
    private readonly DeviceStatus _status;
    private readonly OffloadSettings? _offload;
    private StatePublisher? _state;
    private OffloadDesk? _desk;
    private DecisionLog? _decisions;
    private readonly SelfCare? _care;

    public DeviceRole(ServingIdentity host, OffloadSettings? offload = null, SensorSettings? sensors = null)
    {
        var (fleet, device) = (host.Settings.Fleet, host.Settings.Name);
        (_host, _offload, _status, Replies) = (host, offload, new DeviceStatus(device, host.Version, host.BootId), new ClientReplies(fleet));
        if (sensors is not null) _care = new SelfCare(sensors, host.Lanes, Publish, host.Log, host.Time);
        Will = StatePublisher.Will(fleet, device, _status);
        MetricsTopic = Topics.Of(TopicKind.Metrics, fleet, device);
        Subscriptions =
        [
            new(Topics.InferFilter(fleet, device), MqttSubscribeOptions.NoRetained | MqttSubscribeOptions.RetainAsPublished, IsOfRequests: true),
            new(Topics.CancelFilter(fleet, device), MqttSubscribeOptions.NoRetained, IsOfRequests: false),
            .. offload is null ? [] : OffloadSubscriptions(fleet, device),
        ];
    }

    public MqttWill Will { get; }

    public IReplyRule Replies { get; }

    public IReadOnlyList<RoleSubscription> Subscriptions { get; }

    public string? MetricsTopic { get; }

    public bool IsRequest(TopicKind kind) => kind == TopicKind.Infer;

    public bool TryRead(MqttMessage message, in TopicName topic)
    {
        if (_desk is not { } desk) return false;
        if (topic.Kind == TopicKind.OffloadResponse) return desk.TryAnswer(message);
        if (topic.Kind != TopicKind.ServerState) return false;
        desk.Heard(message.Payload, Encoding.UTF8.GetString(topic.Owner));
        return true;
    }

    public IOffloadDesk? Join(RoleParts parts)
    {
        _care?.Observe(parts.Metrics);
        if (_offload is null) return null;
        var settings = _host.Settings;
        if (_offload.Decisions is { } path) Record(_decisions = new DecisionLog(path, _host.Log, _host.Time));
        return _desk = new OffloadDesk(_offload, new OffloadParts
        {
            Fleet = settings.Fleet,
            Device = settings.Name,
            Post = new RequestPost(parts.Link, settings.Fleet, settings.Name),
            IsConnected = () => parts.Link.State == MqttLinkState.Connected,
            BytesAhead = () => parts.Link.Counters.OutgoingBytes,
            Dismissal = parts.Dismissal,
            Counters = parts.Counters,
            Metrics = parts.Metrics,
            Log = _host.Log,
            Time = _host.Time,
            Decided = _decisions is { } decisions ? decisions.Add : null,
            Chance = new Random(_host.BootId.GetHashCode(StringComparison.Ordinal)),
        });
    }

    public void LinkChanged(MqttLinkState state)
    {
        if (state == MqttLinkState.Disconnected) _desk?.Disconnected();
    }

    public void Ready(IMqttLink link)
    {
        _state = new StatePublisher(link, _host.Settings.Fleet, _host.Settings.Name, _status, _host.Lanes, _host.Log) { Condition = () => _care?.Report };
        _state.Ready();
    }

    public void Publish() => _state?.Publish();

    public void Draining(string reason) { }

    public void Offline(string reason) => _state?.Offline(reason);

    public async ValueTask DisposeAsync()
    {
        _desk?.Dispose();
        _care?.Dispose();
        if (_decisions is not null) await _decisions.DisposeAsync().ConfigureAwait(false);
    }

    private void Record(DecisionLog decisions) => _host.Lanes.ObserveRungs((lane, decision) => decisions.Add(new RungRecord(lane.Id, decision)));

    private static RoleSubscription[] OffloadSubscriptions(string fleet, string device) =>
    [
        new(Topics.FilterOf(TopicKind.ServerState, fleet), MqttSubscribeOptions.None, IsOfRequests: false),
        new(Topics.Of(TopicKind.OffloadResponse, fleet, device), MqttSubscribeOptions.NoRetained, IsOfRequests: false),
    ];

    public Task BeatAsync(CancellationToken stop) => Task.WhenAll(_care?.RunAsync(stop) ?? Task.CompletedTask, Periodic.RunAsync(Heartbeat, Publish, _host.Time, stop));
}
