namespace EdgeRuntime.Messaging;

/// <summary>
/// One MQTT 5 connection that keeps itself alive. Narrow on purpose: what a client library must be able to do to stand behind it.
/// <list type="bullet">
/// <item>No call blocks on the network; every queue has a limit in messages and in bytes.</item>
/// <item>Messages are handed to the <see cref="MqttMessageHandler"/> given at construction, one at a time.</item>
/// <item>After the first <see cref="ConnectAsync"/> the link reconnects by itself, with jittered backoff, until it is stopped.</item>
/// <item>All members may be called from any thread. Events are raised one at a time and in order, off the network and dispatch threads.
/// A subscriber must not throw; one that blocks loses the oldest of more than 256.</item>
/// </list>
/// </summary>
public interface IMqttLink : IAsyncDisposable
{
    /// <summary>Where the connection stands.</summary>
    MqttLinkState State { get; }

    /// <summary>What the broker announced at the last connect; <see cref="MqttServerLimits.Unknown"/> before the first.</summary>
    MqttServerLimits Limits { get; }

    /// <summary>A snapshot of what has passed through the link since it was made.</summary>
    MqttLinkCounters Counters { get; }

    /// <summary>The new state and why, for a person to read.</summary>
    event Action<MqttLinkState, string>? StateChanged;

    /// <summary>Something that a caller could not be told as a return value: a throwing handler, a refused subscription, a dropped message.</summary>
    event Action<MqttLinkFault>? Faulted;

    /// <summary>
    /// Starts connecting and completes with the first accepted connection. The link goes on trying after a failure.
    /// </summary>
    /// <exception cref="MqttLinkException">The broker or its certificate refused us in a way that trying again alone does not mend.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait; the message names the last failure, and the link goes on trying.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a subscription: it is made now if connected, and again on every connect. A repeated filter replaces its QoS and options.</summary>
    /// <exception cref="ArgumentException">It is not a topic filter, or <see cref="MqttSubscribeOptions.NoLocal"/> is asked of a shared one.</exception>
    /// <exception cref="MqttLinkException"><see cref="MqttLinkError.Stopped"/>.</exception>
    void Subscribe(string filter, MqttQos qos, MqttSubscribeOptions options = MqttSubscribeOptions.None);

    /// <summary>As <see cref="Subscribe"/>, completing with the broker's first answer for the filter. A message can arrive before it.</summary>
    Task<SubscribeOutcome> SubscribeAsync(string filter, MqttQos qos, MqttSubscribeOptions options, CancellationToken cancellationToken);

    /// <summary>Forgets a subscription and tells the broker when connected.</summary>
    void Unsubscribe(string filter);

    /// <summary>
    /// Copies the publication into the outgoing queue. Never blocks and never waits: anything but <see cref="PublishStatus.Queued"/> says why not.
    /// At QoS 0 a link that is not connected refuses; at QoS 1 it keeps the message for its expiry, or
    /// <see cref="MqttLinkOptions.OfflineExpiry"/> if that is shorter. What is lost unacknowledged with a connection is sent again on the next.
    /// </summary>
    /// <exception cref="ArgumentException">The topic or another text is not what MQTT allows: no caller's limits, but a mistake.</exception>
    PublishOutcome TryPublish(in MqttPublication publication);

    /// <summary>
    /// As <see cref="TryPublish"/>, completing when the broker acknowledged (QoS 1) or the bytes went to the socket (QoS 0),
    /// or with the reason why that will not happen. Cancelling ends the wait, not the message.
    /// </summary>
    /// <exception cref="ArgumentException">As for <see cref="TryPublish"/>.</exception>
    Task<PublishOutcome> PublishAsync(in MqttPublication publication, CancellationToken cancellationToken);

    /// <summary>
    /// For a thread that computes, between two runs. Where many messages come, and the handler is quick (<see cref="MqttLinkOptions.IsHandlerQuick"/>), it reads,
    /// handles and answers on this thread what came meanwhile; else it does nothing, in no time.
    /// </summary>
    /// <param name="away">Asked at the end, how long the next run takes, zero where none follows: what comes then is left to the next call, or read every few milliseconds. Must be quick.</param>
    void Attend(Func<TimeSpan> away);

    /// <summary>
    /// Refuses further publications, waits at most <paramref name="drain"/> for the outgoing queue to empty, and takes leave of the broker,
    /// which therefore does not publish the will. Disposing without it has the broker publish the will.
    /// Cancelling ends the drain; the link takes its leave all the same. What arrived before still reaches the handler, until the link is disposed.
    /// </summary>
    Task DisconnectAsync(TimeSpan drain, CancellationToken cancellationToken);
}

/// <summary>
/// Takes one message. Called one at a time, in order of arrival, on the link's dispatch thread or, where it is quick, by whoever reads; while it runs, the connection goes on and further messages
/// wait in the inbox, unless it is said to be quick (<see cref="MqttLinkOptions.IsHandlerQuick"/>). The message is a lease: the handler, or whoever it hands the message to, disposes it exactly once.
/// An exception is counted and raised as <see cref="IMqttLink.Faulted"/>; the next message follows.
/// </summary>
public delegate void MqttMessageHandler(MqttMessage message);
