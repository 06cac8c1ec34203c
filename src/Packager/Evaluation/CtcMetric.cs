using System.Text;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>The share of characters read: 1 - edit distance / characters of the truth, over all samples together.</summary>
/// <param name="output">The output [1, steps, classes].</param>
/// <param name="decoder">Turns it into text, as the device will.</param>
internal sealed class CtcMetric(int output, CtcDecoder decoder) : IMetric
{
    public const string MetricName = "ctc";

    public string Name => MetricName;

    public bool NeedsReference(Answer answer) => false;

    public SampleScore Score(Sample sample, RunContext candidate, RunContext? reference)
    {
        if (sample.Answer.Text is not { } truth) throw new PackagerException($"{sample.Name}: metric {Name} wants texts: a folder of images with {EvaluationData.ImageLabels}");
        return new SampleScore(truth.Length - EditDistance.Of(truth, Read(candidate.Output(output))), truth.Length);
    }

    public double Relative(IReadOnlyList<SampleScore> candidate, IReadOnlyList<SampleScore> reference)
    {
        var parent = SampleScore.Value(reference);
        return parent > 0 ? SampleScore.Value(candidate) / parent : throw new PackagerException($"the fp32 model reads nothing right in {reference.Count} samples: are --labels and --image those of the model?");
    }

    public (double Low, double High) Interval(IReadOnlyList<SampleScore> scores) => Intervals.Bootstrap(scores);

    private string Read(OutputView scores)
    {
        var classes = (int)scores.Shape[^1];
        var values = ScoreVector.Of(scores);
        var text = new byte[decoder.MaximumBytes(values.Length / classes)];
        return Encoding.UTF8.GetString(text, 0, decoder.Decode(values, classes, text).Bytes);
    }
}
