using System.Globalization;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>The share of samples whose best class is the right one. Answers are class numbers, or names among the labels.</summary>
/// <param name="output">The output that holds one score for each class.</param>
/// <param name="classes">Class numbers by name; empty where there are no labels.</param>
internal sealed class TopOneMetric(int output, IReadOnlyDictionary<string, long> classes) : IMetric
{
    public const string MetricName = "top1";

    public string Name => MetricName;

    public bool NeedsReference(Answer answer) => false;

    public SampleScore Score(Sample sample, RunContext candidate, RunContext? reference)
    {
        Span<long> best = stackalloc long[1];
        Span<float> score = stackalloc float[1];
        var scores = ScoreVector.Of(candidate.Output(output));
        TopK.Select(scores, best, score);
        var right = Class(sample);
        if (right < 0 || right >= scores.Length) throw new PackagerException($"{sample.Name}: the answer is class {right}, the model has {scores.Length}");
        return new SampleScore(best[0] == right ? 1 : 0, 1);
    }

    public double Relative(IReadOnlyList<SampleScore> candidate, IReadOnlyList<SampleScore> reference)
    {
        var parent = SampleScore.Value(reference);
        return parent > 0 ? SampleScore.Value(candidate) / parent : throw new PackagerException($"the fp32 model gets none of {reference.Count} samples right: are the labels those of the data?");
    }

    public (double Low, double High) Interval(IReadOnlyList<SampleScore> scores) => Intervals.Wilson(scores.Sum(score => score.Gained), scores.Count);

    private long Class(Sample sample)
    {
        if (sample.Answer.Text is { } text)
        {
            if (classes.TryGetValue(text, out var known)) return known;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new PackagerException($"{sample.Name}: the answer '{Identifier.Quote(text)}' is neither a class number nor among the labels");
        }
        return sample.Answer.Numbers is { Count: 1 } array && WholeNumber.Of(array) is { } value
            ? value
            : throw new PackagerException($"{sample.Name}: metric {Name} wants one whole number a sample in '{NpzData.Labels}'");
    }
}
