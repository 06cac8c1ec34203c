using EdgeRuntime.Offload.Cluster;

namespace EdgeRuntime.Offload.Configuration;

/// <summary>A cluster that answers what this server is asked.</summary>
internal sealed record ClusterSettings
{
    public required ClusterOptions Options { get; init; }

    /// <summary>Calls that may be under way at once for all models, at most; how many are at a time is learned.</summary>
    public int InFlight { get; init; } = 64;
}
