using EdgeRuntime.Device.Decisions;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Device.Offload;

/// <summary>What a desk is put together from.</summary>
internal sealed record OffloadParts
{
    public required string Fleet { get; init; }
    public required string Device { get; init; }

    /// <summary>Sends requests.</summary>
    public required RequestPost Post { get; init; }

    /// <summary>Whether there is a broker at present.</summary>
    public required Func<bool> IsConnected { get; init; }

    /// <summary>Bytes that wait for the network.</summary>
    public required Func<double> BytesAhead { get; init; }

    /// <summary>Answers what no server did.</summary>
    public required Dismissal Dismissal { get; init; }
    public required ResponseCounters Counters { get; init; }
    public required DeviceMetrics Metrics { get; init; }
    public required EventLog Log { get; init; }
    public required TimeProvider Time { get; init; }
    public required Random Chance { get; init; }

    /// <summary>Told of each decision; null for nobody.</summary>
    public Action<RouteRecord>? Decided { get; init; }
}
