using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;

namespace EdgeRuntime.Offload.Execution;

/// <summary>How a cluster has a model at one instant. Immutable.</summary>
/// <param name="Model">By what it is asked for.</param>
/// <param name="IsReady">Whether it takes requests.</param>
/// <param name="Reason">Why it does not.</param>
/// <param name="Metadata">What the cluster says of it; null while it is not ready.</param>
internal sealed record LineStanding(ClusterModel Model, bool IsReady, string Reason, ModelMetadata? Metadata = null)
{
    public LineStanding NotReady(string reason) => this with { IsReady = false, Reason = reason, Metadata = null };
}
