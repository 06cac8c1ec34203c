using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Building;

/// <summary>What came of the variants of one build, in their order.</summary>
internal sealed class Ladder
{
    public List<LadderRung> Accepted { get; } = [];

    public List<RefusedVariant> Refused { get; } = [];

    /// <summary>What was measured of those that were too slow, by id: it decided, so it is kept.</summary>
    public Dictionary<string, MeasuredVariant> TooSlow { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Best quality first, of equal ones the fastest. Better than the parent counts as equal to it: that is the luck of the samples.
    /// </summary>
    public void Sort()
    {
        var sorted = Accepted.OrderByDescending(rung => Math.Min(1, rung.Quality.Relative)).ThenByDescending(rung => rung.Speed?.Speedup ?? 1).ToList();
        Accepted.Clear();
        Accepted.AddRange(sorted);
    }
}

/// <summary>A variant that is good enough.</summary>
/// <param name="Made">Its files.</param>
/// <param name="Quality">On the evaluation data.</param>
/// <param name="Speed">Against its parent; null where it was not timed.</param>
/// <param name="Audit">Of the graph that ONNX Runtime runs; null for floats.</param>
internal sealed record LadderRung(MadeVariant Made, Quality Quality, SpeedComparison? Speed, AuditReport? Audit);
