using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Offload.Execution;

/// <summary>What a desk is put together from.</summary>
internal sealed record ClusterParts
{
    /// <summary>Asks for answers; the desk's from now on.</summary>
    public required IClusterClient Client { get; init; }

    /// <summary>Asks how the cluster is, on connections of its own: where answers take all others, it is not taken for gone. The desk's from now on.</summary>
    public required IClusterClient Health { get; init; }

    /// <summary>Calls that may be under way at once.</summary>
    public required int InFlight { get; init; }
    public required ModelLanes Lanes { get; init; }
    public required RoleParts Role { get; init; }

    /// <summary>Told, on any thread, that the cluster or a model of it came or went.</summary>
    public required Action Changed { get; init; }
    public required EventLog Log { get; init; }
    public required TimeProvider Time { get; init; }
    public required Random Chance { get; init; }
}
