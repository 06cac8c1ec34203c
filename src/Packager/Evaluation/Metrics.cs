using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Packing;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>The metrics by name.</summary>
internal static class Metrics
{
    public static IReadOnlyList<string> Names { get; } = [TopOneMetric.MetricName, CtcMetric.MetricName, CosineMetric.MetricName, SquaredErrorMetric.MetricName];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="labels">Null where there are none.</param>
    /// <param name="answer">The outputs of one run, for their forms.</param>
    public static IMetric Create(string name, Labels? labels, IReadOnlyList<NamedArray> answer) => name switch
    {
        TopOneMetric.MetricName => new TopOneMetric(Postprocessing.Output(answer, PostprocessStep.TopK), Classes(labels)),
        CtcMetric.MetricName => new CtcMetric(Postprocessing.Output(answer, PostprocessStep.Ctc), Decoder(labels)),
        SquaredErrorMetric.MetricName => new SquaredErrorMetric(0),
        _ => new CosineMetric(answer.Count),
    };

    private static CtcDecoder Decoder(Labels? labels) =>
        new(labels ?? throw new PackagerException("metric ctc turns classes into characters: give them with --labels"));

    private static Dictionary<string, long> Classes(Labels? labels)
    {
        var classes = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < (labels?.Count ?? 0); i++) classes.TryAdd(Encoding.UTF8.GetString(labels![i]), i);
        return classes;
    }
}
