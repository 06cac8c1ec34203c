namespace EdgeRuntime.Bundles;

/// <summary>What the journal knows of one slot: which bundle serves, which served before, and how far back is too far.</summary>
public sealed record ModelRecord
{
    public required Sha256Digest Active { get; init; }

    /// <summary>The bundle to fall back to; null where there was none before.</summary>
    public Sha256Digest? Previous { get; init; }

    /// <summary>The highest sequence ever activated; nothing below it is installed again.</summary>
    public required long HighestSequence { get; init; }
}
