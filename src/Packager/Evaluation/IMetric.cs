using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>One sample's part of a metric: the value over all is the sum gained through the sum possible.</summary>
/// <param name="Gained">What the model got: characters right, answers right, a cosine, an error.</param>
/// <param name="Possible">What there was to get.</param>
/// <param name="Power">Mean square of the right answer, where the metric's unit needs it.</param>
internal readonly record struct SampleScore(double Gained, double Possible, double Power = 0)
{
    public static double Value(IEnumerable<SampleScore> scores)
    {
        double gained = 0, possible = 0;
        foreach (var score in scores) (gained, possible) = (gained + score.Gained, possible + score.Possible);
        return possible > 0 ? gained / possible : 0;
    }
}

/// <summary>A measure of quality. Thread-safe.</summary>
internal interface IMetric
{
    /// <summary>As in manifests and <c>--metric</c>.</summary>
    string Name { get; }

    /// <summary>Whether a model is compared with the fp32 model's outputs, and not with answers of the data alone.</summary>
    bool NeedsReference(Answer answer);

    /// <param name="sample">What was run.</param>
    /// <param name="candidate">Has run it.</param>
    /// <param name="reference">Has run it too, on the fp32 model; null where that was not needed.</param>
    SampleScore Score(Sample sample, RunContext candidate, RunContext? reference);

    /// <summary>Quality relative to the fp32 model on the same samples, 1 = equal.</summary>
    /// <exception cref="PackagerException">The fp32 model itself is of no use on them.</exception>
    double Relative(IReadOnlyList<SampleScore> candidate, IReadOnlyList<SampleScore> reference);

    /// <summary>95 % interval of the value.</summary>
    (double Low, double High) Interval(IReadOnlyList<SampleScore> scores);
}
