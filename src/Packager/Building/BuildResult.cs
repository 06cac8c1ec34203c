using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Building;

/// <summary>What a build did; the form of <c>--json</c> and <c>--report</c>.</summary>
internal sealed record BuildResult
{
    public required string Bundle { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required long Sequence { get; init; }

    /// <summary>SHA-256 of manifest.json.</summary>
    public required string Digest { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The file of measurements that gives the same bytes again.</summary>
    public required string Measured { get; init; }

    public required IReadOnlyList<ReportedVariant> Variants { get; init; }

    public required IReadOnlyList<RefusedVariant> Refused { get; init; }
}

/// <summary>A variant of the bundle.</summary>
internal sealed record ReportedVariant
{
    public required string Id { get; init; }

    public required string Precision { get; init; }

    public string? Target { get; init; }

    public required IReadOnlyList<PassReport> Passes { get; init; }

    public required Quality Quality { get; init; }

    /// <summary>Against fp32; null where it was not timed.</summary>
    public SpeedComparison? Speed { get; init; }

    /// <summary>Null for floats.</summary>
    public AuditReport? Audit { get; init; }

    /// <summary>Null for floats.</summary>
    public QuantizationReport? Quantization { get; init; }

    public required double GoldenCosine { get; init; }

    public required double GoldenAbsolute { get; init; }

    public required IReadOnlyList<Latency> Latencies { get; init; }

    public required long Bytes { get; init; }

    public required long PeakMemoryBytes { get; init; }
}

/// <summary>A variant that was made and left out.</summary>
internal sealed record RefusedVariant(string Id, string Reason, Quality? Quality = null, SpeedComparison? Speed = null, AuditReport? Audit = null)
{
    /// <summary>Size of its files; null where it could not be made.</summary>
    public long? Bytes { get; init; }

    public IReadOnlyList<PassReport> Passes { get; init; } = [];

    /// <summary>Null for floats.</summary>
    public QuantizationReport? Quantization { get; init; }
}
