using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Offload.Configuration;

/// <summary>All that edge-offload.json says, validated. Immutable.</summary>
internal sealed record OffloadSettings
{
    public const string UsualPool = "default";

    public required ServingSettings Serving { get; init; }

    /// <summary>Whose requests it shares with other servers.</summary>
    public required string Pool { get; init; }

    /// <summary>Who computes; null for this server itself.</summary>
    public ClusterSettings? Cluster { get; init; }
}
