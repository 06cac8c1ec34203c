using EdgeRuntime.Device.State;
using EdgeRuntime.Device.Transport;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Device;

/// <summary>A device among its fleet: asked by clients, with two retained documents and a heartbeat.</summary>
internal sealed class DeviceRole : IServingRole
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    private readonly ServingIdentity _host;
    private readonly DeviceStatus _status;
    private StatePublisher? _state;

    public DeviceRole(ServingIdentity host)
    {
        var (fleet, device) = (host.Settings.Fleet, host.Settings.Name);
        (_host, _status, Replies) = (host, new DeviceStatus(device, host.Version, host.BootId), new ClientReplies(fleet));
        Will = StatePublisher.Will(fleet, device, _status);
        MetricsTopic = Topics.Of(TopicKind.Metrics, fleet, device);
        Subscriptions =
        [
            new(Topics.InferFilter(fleet, device), MqttSubscribeOptions.NoRetained | MqttSubscribeOptions.RetainAsPublished, IsOfRequests: true),
            new(Topics.CancelFilter(fleet, device), MqttSubscribeOptions.NoRetained, IsOfRequests: false),
        ];
    }

    public MqttWill Will { get; }

    public IReplyRule Replies { get; }

    public IReadOnlyList<RoleSubscription> Subscriptions { get; }

    public string? MetricsTopic { get; }

    public bool IsRequest(TopicKind kind) => kind == TopicKind.Infer;

    public bool TryRead(MqttMessage message, in TopicName topic) => false;

    public void Ready(IMqttLink link)
    {
        _state = new StatePublisher(link, _host.Settings.Fleet, _host.Settings.Name, _status, _host.Lanes, _host.Log);
        _state.Ready();
    }

    public void Publish() => _state?.Publish();

    public void Offline(string reason) => _state?.Offline(reason);

    public async Task BeatAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Heartbeat, _host.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) Publish();
        }
        catch (OperationCanceledException)
        {
            // The host says that it stops.
        }
    }
}
