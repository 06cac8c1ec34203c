using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

// relative = 1 - (mse - mse of fp32) / mean square of the right answers
/// <summary>
/// The mean squared error against the answers of the data, or against the fp32 model's outputs where it has none. Relative quality is the part of
/// the signal that is not lost more than the fp32 model loses it.
/// </summary>
/// <param name="output">The output that is compared.</param>
internal sealed class SquaredErrorMetric(int output) : IMetric
{
    public const string MetricName = "mse";

    public string Name => MetricName;

    public bool NeedsReference(Answer answer) => answer.Numbers is null;

    public SampleScore Score(Sample sample, RunContext candidate, RunContext? reference)
    {
        var actual = ScoreVector.Of(candidate.Output(output));
        var expected = sample.Answer.Numbers is { } numbers ? Numbers(sample, numbers) : ScoreVector.Of(reference!.Output(output));
        if (expected.Length != actual.Length) throw new PackagerException($"{sample.Name}: the answer has {expected.Length} numbers, the model gives {actual.Length}");
        double error = 0, power = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            double difference = (double)actual[i] - expected[i];
            (error, power) = (error + difference * difference, power + (double)expected[i] * expected[i]);
        }
        return new SampleScore(error / actual.Length, 1, power / actual.Length);
    }

    public double Relative(IReadOnlyList<SampleScore> candidate, IReadOnlyList<SampleScore> reference)
    {
        var power = reference.Average(score => score.Power);
        return power > 0
            ? 1 - (SampleScore.Value(candidate) - SampleScore.Value(reference)) / power
            : throw new PackagerException($"the right answers of all {reference.Count} samples are 0: nothing can be said relative to them");
    }

    public (double Low, double High) Interval(IReadOnlyList<SampleScore> scores) => Intervals.Bootstrap(scores);

    private static ReadOnlySpan<float> Numbers(Sample sample, Bundles.NamedArray array) => array.Type switch
    {
        Bundles.ElementType.Float32 or Bundles.ElementType.Float64 or Bundles.ElementType.Float16 => ScoreVector.Of(new OutputView(array.Type, array.Shape, array.Data)),
        _ => throw new PackagerException($"{sample.Name}: metric {MetricName} wants floats in '{NpzData.Labels}', they are {Bundles.ElementTypes.ProtocolName(array.Type)}"),
    };
}
