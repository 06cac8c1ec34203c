using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>Measures variants against the fp32 model on the same data, and says which lose too much.</summary>
internal sealed class QualityGate(PlainModel reference, IEvaluationData data, IMetric metric, double maxDrop, CancellationToken cancel)
{
    private const int Decimals = 9;
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
            Value = Math.Round(SampleScore.Value(scores), Decimals),
            Relative = Math.Round(metric.Relative(scores, _baseline!), Decimals),
            Samples = scores.Count,
            Low = Math.Round(low, Decimals),
            High = Math.Round(high, Decimals),
        };
    }

    /// <returns>Why the variant is left out; null where it is good enough.</returns>
    public string? Refusal(Quality quality) => quality.Relative >= 1 - maxDrop
        ? null
        : $"{quality.Metric} {quality.Value:f4} (95 % {quality.Low:f4} to {quality.High:f4}, {quality.Samples} samples) is {quality.Relative:f4} of fp32, below the {1 - maxDrop:f4} that --max-drop {maxDrop} asks for";
}
