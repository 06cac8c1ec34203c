namespace EdgeRuntime.Device.Degradation;

/// <summary>How the slowest model stands against its target.</summary>
/// <param name="Model">Its name.</param>
/// <param name="P95">Within which 95 of 100 of its recent requests were answered.</param>
/// <param name="Target">Within which they should be.</param>
internal readonly record struct LatencyStanding(string Model, TimeSpan P95, TimeSpan Target);
