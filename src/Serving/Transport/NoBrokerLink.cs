using EdgeRuntime.Messaging;

namespace EdgeRuntime.Serving.Transport;

/// <summary>The link of a device that has no broker and is reached over HTTP alone: never connected, and nobody waits for it to be.</summary>
internal sealed class NoBrokerLink : IMqttLink
{
    private static readonly PublishOutcome NotConnected = new(PublishStatus.NotConnected);

    public MqttLinkState State => MqttLinkState.Disconnected;
    public MqttServerLimits Limits => MqttServerLimits.Unknown;
    public MqttLinkCounters Counters => default;

    public event Action<MqttLinkState, string>? StateChanged
    {
        add { }
        remove { }
    }

    public event Action<MqttLinkFault>? Faulted
    {
        add { }
        remove { }
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Subscribe(string filter, MqttQos qos, MqttSubscribeOptions options = MqttSubscribeOptions.None) { }

    public Task<SubscribeOutcome> SubscribeAsync(string filter, MqttQos qos, MqttSubscribeOptions options, CancellationToken cancellationToken) =>
        Task.FromException<SubscribeOutcome>(new InvalidOperationException("there is no broker"));

    public void Unsubscribe(string filter) { }

    public PublishOutcome TryPublish(in MqttPublication publication) => NotConnected;

    public Task<PublishOutcome> PublishAsync(in MqttPublication publication, CancellationToken cancellationToken) => Task.FromResult(NotConnected);

    public void Attend(Func<TimeSpan> away) { }

    public Task DisconnectAsync(TimeSpan drain, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
