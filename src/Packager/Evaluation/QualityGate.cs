using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>Measures variants against the fp32 model on the same data, and says which lose too much.</summary>
internal sealed class QualityGate(PlainModel reference, IEvaluationData data, IMetric metric, double maxDrop, CancellationToken cancel)
{
    private const int Kept = 9;
    private readonly Evaluator _evaluator = new(data, metric, cancel);
    private IReadOnlyList<SampleScore>? _baseline;

    /// <summary>The fp32 model's own scores come first: those of <paramref name="candidate"/> where it is fp32.</summary>
    public Quality Measure(PlainModel candidate, bool isBaseline, Action<int, int> progress)
    {
        if (!isBaseline) _baseline ??= _evaluator.Run(reference, reference, progress);
        var scores = _evaluator.Run(candidate, reference, progress);
        if (isBaseline) _baseline = scores;
        var (low, high) = metric.Interval(scores);
        return new Quality
        {
            Metric = metric.Name,
            Value = Math.Round(SampleScore.Value(scores), Kept),
            Relative = Math.Round(metric.Relative(scores, _baseline!), Kept),
            Samples = scores.Count,
            Low = Math.Round(low, Kept),
            High = Math.Round(high, Kept),
        };
    }

    /// <returns>Why the variant is left out; null where it is good enough.</returns>
    public string? Refusal(Quality quality)
    {
        if (quality.Relative >= 1 - maxDrop) return null;
        var (relative, least) = Decimals.Apart(quality.Relative, 1 - maxDrop);
        return $"{quality.Metric} {quality.Value:f4} (95 % {quality.Low:f4} to {quality.High:f4}, {quality.Samples} samples) is {relative} of fp32, below the {least} that --max-drop {maxDrop} asks for";
    }
}
