namespace EdgeRuntime.Serving.Metrics;

/// <summary>How the cluster is that computes for a server.</summary>
/// <param name="IsUp">Whether it answers.</param>
/// <param name="Models">Those that are asked of it.</param>
internal sealed record ClusterGauges(bool IsUp, IReadOnlyList<ClusterModelGauges> Models);

/// <param name="Labels">Of the model, see <see cref="Metrics.Labels"/>.</param>
/// <param name="IsReady">Whether it takes requests.</param>
/// <param name="Calls">That are under way.</param>
/// <param name="Limit">How many may be under way at present.</param>
internal readonly record struct ClusterModelGauges(byte[] Labels, bool IsReady, int Calls, int Limit);
