using EdgeRuntime.Messaging;
using EdgeRuntime.Offload.Execution;
using EdgeRuntime.Serving.Beacons;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Offload.Beacons;

/// <summary>Says once a second how much a server has to do: retained, with a will, so that a device which comes knows at once.</summary>
internal sealed class BeaconPublisher(ServingIdentity host, IMqttLink link)
{
    private readonly RetainedDocument _document = new(link, Topic(host));
    private volatile string? _leaving;

    /// <summary>Who computes in place of this server; null for nobody.</summary>
    public ClusterDesk? Cluster { get; init; }

    public static MqttWill Will(ServingIdentity host) =>
        RetainedDocument.Will(Topic(host), BeaconDocument.Write(Beacon(host, LoadBeacon.Offline, "the connection was lost")).ToArray());

    /// <summary>Says how it is: once it is leaving, that.</summary>
    public void Publish()
    {
        if (link.State != MqttLinkState.Connected) return;
        // A beacon that is lost is followed by the next, but for the last ones.
        if (_leaving is { } reason) _ = _document.Publish(BeaconDocument.Write(Beacon(host, LoadBeacon.Offline, reason)).Span, MqttQos.AtLeastOnce);
        else _ = _document.Publish(BeaconDocument.Write(Beacon(host, LoadBeacon.Online, "") with { Models = Models(), Executor = Cluster is { IsUp: true } ? "cluster" : Provider(host) }).Span, MqttQos.AtMostOnce);
    }

    /// <summary>It takes no more requests from now on.</summary>
    public void Offline(string reason)
    {
        _leaving = reason;
        Publish();
    }

    private static string Topic(ServingIdentity host) => Topics.Of(TopicKind.ServerState, host.Settings.Fleet, host.Settings.Name);

    private static LoadBeacon Beacon(ServingIdentity host, string state, string reason) => new()
    {
        Server = host.Settings.Name,
        State = state,
        Reason = reason,
        Boot = host.BootId,
        Version = host.Version,
        Executor = Provider(host),
    };

    private static string Provider(ServingIdentity host) => host.Lanes.All.Select(lane => lane.Model?.Variant.Provider).OfType<string>().FirstOrDefault() ?? "";

    private List<ModelLoad> Models()
    {
        long now = host.Time.GetTimestamp();
        return [.. host.Lanes.All.Where(lane => host.Lanes.Find(lane.Name)?.Default == lane).Select(lane => Cluster?.Load(lane) ?? Load(lane, now)).OfType<ModelLoad>()];
    }

    private ModelLoad? Load(ModelLane lane, long now)
    {
        if (lane.Model is not { } model) return null;
        var waits = new long[ModelLane.Priorities];
        long service = lane.Outlook(now, waits);
        return new ModelLoad(lane.Name, model.Version, model.Usable(lane.Cap.Index).Quality, [.. waits.Select(Microseconds)], Microseconds(service), lane.Waiting);

        long Microseconds(long span) => (long)host.Time.GetElapsedTime(0, span).TotalMicroseconds;
    }
}
