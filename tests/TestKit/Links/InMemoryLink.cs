using EdgeRuntime.Messaging;

namespace EdgeRuntime.TestKit.Links;

/// <summary>A link without a broker: a test delivers messages to its handler, and reads what was published. Thread-safe.</summary>
public sealed class InMemoryLink(MqttLinkOptions options, MqttMessageHandler handler, TimeProvider time) : IMqttLink
{
    private readonly Lock _gate = new();
    private readonly List<SentMessage> _sent = [];
    private readonly MqttMessagePool _pool = new(64);
    private int _attended;

    public MqttLinkOptions Options { get; } = options;
    public MqttLinkState State { get; private set; } = MqttLinkState.Disconnected;
    public MqttServerLimits Limits => MqttServerLimits.Unknown;
    public MqttLinkCounters Counters => default;

    /// <summary>Filters that are subscribed to.</summary>
    public List<string> Subscriptions { get; } = [];

    /// <summary>Whether publications are kept for <see cref="Sent"/>; off, publishing allocates nothing.</summary>
    public bool KeepsSent { get; set; } = true;

    /// <summary>What has been published so far.</summary>
    public IReadOnlyList<SentMessage> Sent
    {
        get
        {
            lock (_gate) return [.. _sent];
        }
    }

    public event Action<MqttLinkState, string>? StateChanged;

    public event Action<MqttLinkFault>? Faulted
    {
        add { }
        remove { }
    }

    /// <summary>Told of every publication, after it was noted.</summary>
    public event Action? Published;

    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        State = MqttLinkState.Connected;
        StateChanged?.Invoke(State, "in memory");
        return Task.CompletedTask;
    }

    public void Subscribe(string filter, MqttQos qos, MqttSubscribeOptions options = MqttSubscribeOptions.None) => Subscriptions.Add(filter);

    public Task<SubscribeOutcome> SubscribeAsync(string filter, MqttQos qos, MqttSubscribeOptions options, CancellationToken cancellationToken)
    {
        Subscribe(filter, qos, options);
        return Task.FromResult(new SubscribeOutcome((byte)qos, "granted"));
    }

    public void Unsubscribe(string filter) => Subscriptions.Remove(filter);

    public PublishOutcome TryPublish(in MqttPublication publication)
    {
        if (KeepsSent)
        {
            lock (_gate) _sent.Add(SentMessage.Of(publication));
        }
        Published?.Invoke();
        return new PublishOutcome(PublishStatus.Queued);
    }

    public Task<PublishOutcome> PublishAsync(in MqttPublication publication, CancellationToken cancellationToken) => Task.FromResult(TryPublish(publication));

    /// <summary>How often a thread that computes came by.</summary>
    public int Attended => Volatile.Read(ref _attended);

    public void Attend(Func<TimeSpan> away) => Interlocked.Increment(ref _attended);

    public Task DisconnectAsync(TimeSpan drain, CancellationToken cancellationToken)
    {
        State = MqttLinkState.Stopped;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        State = MqttLinkState.Stopped;
        return ValueTask.CompletedTask;
    }

    /// <summary>Hands a message to the handler, as the dispatch thread of a real link does.</summary>
    public void Deliver(in MqttPublication publication) => handler(MessageOf(publication));

    private MqttMessage MessageOf(in MqttPublication publication)
    {
        var message = _pool.Rent();
        message.Begin(publication.Topic, publication.Payload.Length, keepPayload: true);
        message.SetHeader(publication.Qos, publication.Retain, time.GetTimestamp());
        if (!publication.ResponseTopic.IsEmpty) message.SetResponseTopic(publication.ResponseTopic);
        if (!publication.CorrelationData.IsEmpty) message.SetCorrelationData(publication.CorrelationData);
        if (!publication.ContentType.IsEmpty) message.SetContentType(publication.ContentType);
        if (publication.Expiry is { } expiry) message.SetExpiry((uint)Math.Ceiling(expiry.TotalSeconds));
        for (var i = 0; i < (publication.UserProperties?.Count ?? 0); i++)
            message.AddUserProperty(publication.UserProperties!.Name(i), publication.UserProperties.Value(i));
        message.SetPayload(publication.Payload);
        return message;
    }
}
