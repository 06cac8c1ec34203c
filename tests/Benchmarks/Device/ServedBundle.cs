namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A bundle and how it is served.</summary>
internal sealed record ServedBundle(SignedBundle Bundle)
{
    /// <summary>How many rungs its ladder has, all of which are opened.</summary>
    public int Rungs { get; init; } = 1;

    public int Threads { get; init; } = BenchRun.Threads;

    /// <summary>What batches must keep to; null for the runtime's own.</summary>
    public TimeSpan? LatencyTarget { get; init; }

    /// <summary>The largest batch, 1 for none; null for the runtime's own.</summary>
    public int? LargestBatch { get; init; }
}
