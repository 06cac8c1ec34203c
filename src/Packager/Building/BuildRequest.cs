using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Building;

/// <summary>What a build was asked for; everything in it is well formed, files are not looked at yet.</summary>
internal sealed record BuildRequest
{
    public const double DefaultMaxDrop = 0.01;
    public const int DefaultGolden = 2, MaximumGolden = 16, DefaultTopK = 5;

    public required string Model { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required long Sequence { get; init; }

    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Of <see cref="Variants.VariantLadder.Precisions"/>.</summary>
    public required IReadOnlyList<string> Precisions { get; init; }

    public required IReadOnlyList<string> SigningKeys { get; init; }

    /// <summary>Where the bundle goes.</summary>
    public required string Output { get; init; }

    public ImageSpec? Image { get; init; }

    public string? Labels { get; init; }

    /// <summary>One of the kinds of <see cref="PostprocessStep"/>.</summary>
    public required string Postprocess { get; init; }

    public int TopK { get; init; } = DefaultTopK;

    /// <summary>Ascending sizes; null for the default.</summary>
    public IReadOnlyList<long>? Buckets { get; init; }

    /// <summary>Data to measure quality with; null where there is none.</summary>
    public string? Evaluate { get; init; }

    /// <summary>Data to find the ranges of int8 with; null where that is not asked for.</summary>
    public string? Calibration { get; init; }

    /// <summary>How the ranges are chosen.</summary>
    public IRangeMethod CalibrationMethod { get; init; } = RangeMethods.Default;

    /// <summary>What is tried to make int8 more exact.</summary>
    public TuningOptions Tuning { get; init; } = TuningOptions.Default;

    public required string Metric { get; init; }

    /// <summary>Most that a variant's relative quality may be below 1.</summary>
    public double MaxDrop { get; init; } = DefaultMaxDrop;

    public int Golden { get; init; } = DefaultGolden;

    public string? StopAfter { get; init; }

    public string? Measured { get; init; }

    public string? License { get; init; }

    public string? Report { get; init; }

    public bool Explain { get; init; }
}
