using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Device.State;

/// <summary>Keeps the retained documents on the broker true: after every change, on every connect, and as a heartbeat. Thread-safe.</summary>
internal sealed class StatePublisher(IMqttLink link, string fleet, string device, DeviceStatus status, ModelLanes lanes, EventLog log)
{
    private readonly RetainedDocument _state = new(link, Topics.Of(TopicKind.State, fleet, device)), _models = new(link, Topics.Of(TopicKind.Models, fleet, device));
    private volatile bool _ready;

    /// <summary>How the device is by its own sensors; null where it does not look.</summary>
    public Func<ConditionReport?> Condition { get; init; } = static () => null;

    /// <summary>What the broker publishes when the connection is lost.</summary>
    public static MqttWill Will(string fleet, string device, DeviceStatus status) =>
        RetainedDocument.Will(Topics.Of(TopicKind.State, fleet, device), status.State(DeviceStatus.Offline, "the connection was lost"));

    /// <summary>From now on the device is said to be online: its models are in service and it is subscribed.</summary>
    public void Ready()
    {
        _ready = true;
        Publish();
    }

    /// <summary>Publishes both documents; does nothing before <see cref="Ready"/> or without a connection, since each connect publishes anew.</summary>
    public void Publish()
    {
        if (!_ready || link.State != MqttLinkState.Connected) return;
        Send(_models, DeviceStatus.Models(lanes));
        Send(_state, status.State(lanes, Condition()));
    }

    public void Offline(string reason)
    {
        _ready = false;
        Send(_state, status.State(DeviceStatus.Offline, reason));
    }

    private void Send(RetainedDocument place, byte[] document)
    {
        var outcome = place.Publish(document, MqttQos.AtLeastOnce);
        if (!outcome.IsAccepted) log.Warning("mqtt", $"{place.Topic} was not published: {outcome}");
    }
}
