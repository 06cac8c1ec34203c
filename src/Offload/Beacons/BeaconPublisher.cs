using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Beacons;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Offload.Beacons;

/// <summary>Says once a second how much a server has to do: retained, with a will, so that a device which comes knows at once.</summary>
internal sealed class BeaconPublisher(ServingIdentity host, IMqttLink link)
{
    private readonly byte[] _topic = Encoding.UTF8.GetBytes(Topic(host));
    private volatile string _state = LoadBeacon.Online;

    public static string Topic(ServingIdentity host) => Topics.Of(TopicKind.ServerState, host.Settings.Fleet, host.Settings.Name);

    public static MqttWill Will(ServingIdentity host) => new()
    {
        Topic = Topic(host),
        Payload = BeaconDocument.Write(Beacon(host, LoadBeacon.Offline, "the connection was lost")).ToArray(),
        Retain = true,
        ContentType = "application/json",
    };

    public void Publish() => Send(_state, "");

    /// <summary>The last one: it takes no more requests.</summary>
    public void Offline(string reason)
    {
        _state = LoadBeacon.Draining;
        Send(LoadBeacon.Offline, reason);
    }

    // A beacon that is lost is followed by the next.
    private void Send(string state, string reason)
    {
        if (link.State != MqttLinkState.Connected) return;
        var beacon = Beacon(host, state, reason) with { Models = state == LoadBeacon.Online ? Models(host) : [] };
        _ = link.TryPublish(new MqttPublication(_topic, BeaconDocument.Write(beacon).Span)
        {
            Qos = state == LoadBeacon.Online ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce,
            Retain = true,
            PayloadIsUtf8 = true,
            ContentType = "application/json"u8,
        });
    }

    private static LoadBeacon Beacon(ServingIdentity host, string state, string reason) => new()
    {
        Server = host.Settings.Name,
        State = state,
        Reason = reason,
        Boot = host.BootId,
        Version = host.Version,
        Executor = host.Lanes.All.Select(lane => lane.Model?.Variant.Provider).OfType<string>().FirstOrDefault() ?? "",
    };

    private static List<ModelLoad> Models(ServingIdentity host)
    {
        long now = host.Time.GetTimestamp();
        return [.. host.Lanes.All.Select(lane => Load(host, lane, now)).OfType<ModelLoad>()];
    }

    private static ModelLoad? Load(ServingIdentity host, ModelLane lane, long now)
    {
        if (lane.Model is not { } model || host.Lanes.Find(lane.Name)?.Default != lane) return null;
        var waits = new long[ModelLane.Priorities];
        long service = lane.Outlook(now, waits);
        return new ModelLoad(lane.Name, model.Version, model.Usable(lane.Cap.Index).Quality, [.. waits.Select(Microseconds)], Microseconds(service), lane.Waiting);

        long Microseconds(long span) => (long)host.Time.GetElapsedTime(0, span).TotalMicroseconds;
    }
}
