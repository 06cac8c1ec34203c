using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>What a host is among others: which topics are its own, whom it answers, and what it says of itself. Thread-safe.</summary>
internal interface IServingRole : ITopicReader
{
    /// <summary>What the broker publishes when the connection is lost.</summary>
    MqttWill Will { get; }

    /// <summary>Where senders may be answered.</summary>
    IReplyRule Replies { get; }

    /// <summary>What it listens to.</summary>
    IReadOnlyList<RoleSubscription> Subscriptions { get; }

    /// <summary>Where the periodic metrics go; null where they are not published.</summary>
    string? MetricsTopic { get; }

    /// <summary>Its models are in service, and it is subscribed.</summary>
    void Ready(IMqttLink link);

    /// <summary>Says how it is; does nothing before <see cref="Ready"/> or without a connection.</summary>
    void Publish();

    /// <summary>Says that it takes no more requests.</summary>
    void Offline(string reason);

    /// <summary>Says again and again how it is, until <paramref name="stop"/>; then it returns.</summary>
    Task BeatAsync(CancellationToken stop);
}

/// <param name="Filter">Of topics.</param>
/// <param name="Options">As the broker is to treat it.</param>
/// <param name="IsOfRequests">Whether it is given up before what was accepted is answered.</param>
internal readonly record struct RoleSubscription(string Filter, MqttSubscribeOptions Options, bool IsOfRequests);
