using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>The mean cosine between a model's outputs and the fp32 model's; needs no answers.</summary>
/// <param name="outputs">How many outputs there are; the worst counts.</param>
internal sealed class CosineMetric(int outputs) : IMetric
{
    public const string MetricName = "cosine";

    public string Name => MetricName;

    public bool NeedsReference(Answer answer) => true;

    public SampleScore Score(Sample sample, RunContext candidate, RunContext? reference)
    {
        var worst = new GoldenAgreement(1, 0);
        for (var i = 0; i < outputs; i++)
        {
            OutputView actual = candidate.Output(i), expected = reference!.Output(i);
            if (!actual.Shape.SequenceEqual(expected.Shape)) throw new PackagerException($"{sample.Name}: output {i} has another shape than the fp32 model's");
            worst = worst.Worse(GoldenAgreement.Of(actual.Type, expected.Data, actual.Data));
        }
        return new SampleScore(double.IsNaN(worst.Cosine) ? 0 : worst.Cosine, 1);
    }

    public double Relative(IReadOnlyList<SampleScore> candidate, IReadOnlyList<SampleScore> reference) => SampleScore.Value(candidate);

    public (double Low, double High) Interval(IReadOnlyList<SampleScore> scores) => Intervals.Bootstrap(scores);
}
