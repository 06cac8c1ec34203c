namespace EdgeRuntime.Packaging.Gate;

/// <summary>A variant timed against its parent on one thread, in turns; medians of the pairs.</summary>
internal sealed record SpeedComparison
{
    public required double ParentMilliseconds { get; init; }

    public required double Milliseconds { get; init; }

    /// <summary>The parent's time through the variant's: over 1 is faster.</summary>
    public required double Speedup { get; init; }

    public required int Pairs { get; init; }
}
