using EdgeRuntime.Messaging;
using EdgeRuntime.Offload.Beacons;
using EdgeRuntime.Offload.Transport;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Offload;

/// <summary>A server among its pool: asked by devices, by name or as one of the pool, and told by its load.</summary>
internal sealed class ServerRole : IServingRole
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ServingIdentity _host;
    private volatile BeaconPublisher? _beacon;

    public ServerRole(ServingIdentity host, string pool)
    {
        var (fleet, server) = (host.Settings.Fleet, host.Settings.Name);
        (_host, Replies, Will) = (host, new DeviceReplies(fleet), BeaconPublisher.Will(host));
        Subscriptions =
        [
            new(Topics.ServerInferFilter(fleet, server), MqttSubscribeOptions.NoRetained | MqttSubscribeOptions.RetainAsPublished, IsOfRequests: true),
            new(Topics.PoolInferFilter(fleet, pool), MqttSubscribeOptions.NoRetained | MqttSubscribeOptions.RetainAsPublished, IsOfRequests: true),
        ];
    }

    public MqttWill Will { get; }

    public IReplyRule Replies { get; }

    public IReadOnlyList<RoleSubscription> Subscriptions { get; }

    public string? MetricsTopic => null; // its beacon says what devices need; an operator reads its metrics over HTTP

    public bool IsRequest(TopicKind kind) => kind is TopicKind.ServerInfer or TopicKind.PoolInfer;

    public bool TryRead(MqttMessage message, in TopicName topic) => false;

    public IOffloadDesk? Join(RoleParts parts) => null;

    public void LinkChanged(MqttLinkState state) { }

    public void Ready(IMqttLink link)
    {
        _beacon = new BeaconPublisher(_host, link);
        Publish();
    }

    public void Publish() => _beacon?.Publish();

    public void Draining(string reason) => _beacon?.Offline(reason);

    public void Offline(string reason) => _beacon?.Offline(reason);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task BeatAsync(CancellationToken stop) => Periodic.RunAsync(Interval, Publish, _host.Time, stop);
}
