using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>What a host is among others: which topics are its own, whom it answers, and what it says of itself. Thread-safe.</summary>
internal interface IServingRole : ITopicReader, IAsyncDisposable
{
    /// <summary>What the broker publishes when the connection is lost.</summary>
    MqttWill Will { get; }

    /// <summary>Where senders may be answered.</summary>
    IReplyRule Replies { get; }

    /// <summary>What it listens to.</summary>
    IReadOnlyList<RoleSubscription> Subscriptions { get; }

    /// <summary>Where the periodic metrics go; null where they are not published.</summary>
    string? MetricsTopic { get; }

    /// <summary>The host is put together, and serves nobody yet.</summary>
    /// <returns>Who hands requests to other hosts; null for nobody.</returns>
    IOffloadDesk? Join(RoleParts parts);

    /// <summary>The broker is there, or is not any more. Called one at a time and in order.</summary>
    void LinkChanged(MqttLinkState state);

    /// <summary>Its models are in service, and it is subscribed.</summary>
    void Ready(IMqttLink link);

    /// <summary>Says how it is; does nothing before <see cref="Ready"/> or without a connection.</summary>
    void Publish();

    /// <summary>It takes no more requests, and still answers those that it has.</summary>
    void Draining(string reason);

    /// <summary>Says, at the end, that it is gone.</summary>
    void Offline(string reason);

    /// <summary>Says again and again how it is, until <paramref name="stop"/>; then it returns.</summary>
    Task BeatAsync(CancellationToken stop);
}

/// <summary>What a role may use of its host.</summary>
/// <param name="Link">To the broker.</param>
/// <param name="Dismissal">Answers what was admitted and is answered by no model.</param>
/// <param name="Counters">Where answers are counted.</param>
/// <param name="Metrics">The host's.</param>
/// <param name="Recorder">Tells metrics and traces how a lane's requests ended.</param>
/// <param name="Limits">What a payload may ask for.</param>
internal sealed record RoleParts(IMqttLink Link, Dismissal Dismissal, ResponseCounters Counters, DeviceMetrics Metrics, Func<ModelLane, RequestRecorder> Recorder, ProtocolLimits Limits);

/// <param name="Filter">Of topics.</param>
/// <param name="Options">As the broker is to treat it.</param>
/// <param name="IsOfRequests">Whether it is given up before what was accepted is answered.</param>
internal readonly record struct RoleSubscription(string Filter, MqttSubscribeOptions Options, bool IsOfRequests);
