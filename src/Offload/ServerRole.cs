using EdgeRuntime.Messaging;
using EdgeRuntime.Offload.Beacons;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Configuration;
using EdgeRuntime.Offload.Execution;
using EdgeRuntime.Offload.Transport;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Offload;

/// <summary>A server among its pool: asked by devices, by name or as one of the pool, and told by its load.</summary>
internal sealed class ServerRole : IServingRole
{
    private const int HealthConnections = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ServingIdentity _host;
    private readonly ClusterSettings? _cluster;
    private volatile BeaconPublisher? _beacon;
    private ClusterDesk? _desk;

    /// <exception cref="ClusterException">The cluster's certificates cannot be read.</exception>
    public ServerRole(ServingIdentity host, string pool, ClusterSettings? cluster = null)
    {
        _cluster = cluster;
        var (fleet, server) = (host.Settings.Fleet, host.Settings.Name);
        (_host, Replies, Will) = (host, new DeviceReplies(fleet), BeaconPublisher.Will(host));
        Subscriptions =
        [
            new(Topics.ServerInferFilter(fleet, server), MqttSubscribeOptions.NoRetained | MqttSubscribeOptions.RetainAsPublished, IsOfRequests: true),
            new(Topics.PoolInferFilter(fleet, pool), MqttSubscribeOptions.NoRetained | MqttSubscribeOptions.RetainAsPublished, IsOfRequests: true),
            new(Topics.ServerCancelFilter(fleet, server), MqttSubscribeOptions.NoRetained, IsOfRequests: false),
        ];
    }

    public MqttWill Will { get; }

    public IReplyRule Replies { get; }

    public IReadOnlyList<RoleSubscription> Subscriptions { get; }

    public string? MetricsTopic => null; // its beacon says what devices need; an operator reads its metrics over HTTP

    public bool IsRequest(TopicKind kind) => kind is TopicKind.ServerInfer or TopicKind.PoolInfer;

    public bool TryRead(MqttMessage message, in TopicName topic) => false;

    public IOffloadDesk? Join(RoleParts parts)
    {
        if (_cluster is not { } cluster) return null;
        _desk = new ClusterDesk(new ClusterParts
        {
            Client = ClusterClients.Open(cluster.Options with { Limits = parts.Limits }, _host.Time),
            Health = ClusterClients.Open(cluster.Options with { Connections = HealthConnections }, _host.Time),
            InFlight = cluster.Options.Protocol == ClusterProtocol.Http ? Math.Min(cluster.InFlight, cluster.Options.Connections) : cluster.InFlight,
            Lanes = _host.Lanes,
            Role = parts,
            Changed = Publish,
            Log = _host.Log,
            Time = _host.Time,
            Chance = new Random(_host.BootId.GetHashCode(StringComparison.Ordinal)),
        });
        _desk.Start();
        return _desk;
    }

    public void LinkChanged(MqttLinkState state) { }

    public void Ready(IMqttLink link)
    {
        _beacon = new BeaconPublisher(_host, link) { Cluster = _desk };
        Publish();
    }

    public void Publish() => _beacon?.Publish();

    public void Draining(string reason) => _beacon?.Offline(reason);

    public void Offline(string reason) => _beacon?.Offline(reason);

    public ValueTask DisposeAsync() => _desk?.DisposeAsync() ?? ValueTask.CompletedTask;

    public Task BeatAsync(CancellationToken stop) => Periodic.RunAsync(Interval, Publish, _host.Time, stop);
}
