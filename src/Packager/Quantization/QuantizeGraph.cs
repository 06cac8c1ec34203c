using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>
/// Convolutions and what stands between them in 8 bits by ranges found on samples, in the form that ONNX Runtime fuses: bytes before and after
/// each node, activations in the range, products and sums with one number in scale and zero. Everything else stays float.
/// </summary>
/// <param name="knowledge">Of the samples; the target's rules.</param>
/// <param name="handedBack">The part of the work that stays float, those layers first that cost most accuracy for their work.</param>
internal sealed class QuantizeGraph(Knowledge knowledge, double handedBack = 0) : IQuantizingPass
{
    public const string PassName = "quantize";

    public string Name => PassName;

    public QuantizationReport? Quantization { get; private set; }

    public string? Apply(OnnxModel model)
    {
        var seen = knowledge.Seen(model);
        var excluded = handedBack == 0 ? [] : HandedBack(model);
        var tuning = knowledge.Tuning(model);
        var written = ByteWriter.Write(model, knowledge.Rules, seen, excluded, tuning);
        Quantization = written.Report(seen);
        var (plan, narrow) = (written.Plan, written.Narrow.Values.Sum());
        if (plan.Nodes.Count == 0) return plan.Left.Count == 0 ? null : $"nothing done{Shown(plan)}";
        var ops = plan.Nodes.CountBy(node => node.Node.OpType).OrderBy(op => op.Key, StringComparer.Ordinal).Select(op => $"{op.Value} {op.Key}");
        return $"{string.Join(", ", ops)} in 8 bits{(narrow == 0 ? "" : $", {narrow} channels of them in fewer")}{(plan.Views.Count == 0 ? "" : $", {plan.Views.Count} nodes in scales and zeros")}{Tuned(seen, tuning)}{Shown(plan)}";
    }

    private HashSet<string> HandedBack(OnnxModel model)
    {
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        double work = 0;
        foreach (var (layer, share) in knowledge.Ranking(model).TakeWhile(_ => work < handedBack))
        {
            chosen.Add(layer);
            work += share;
        }
        return chosen;
    }

    private static string Tuned(IReadOnlyDictionary<string, SeenValue> seen, LayerTuning tuning)
    {
        var methods = seen.Values.CountBy(value => value.Method.Name).OrderBy(method => method.Key, StringComparer.Ordinal).Select(method => $"{method.Value} by {method.Key}");
        return $", ranges {string.Join(", ", methods)}{(tuning.Weights.Count == 0 ? "" : $", {tuning.Weights.Count} layers rounded by their answers")}{(tuning.Shifts.Count == 0 ? "" : $", {tuning.Shifts.Count} biases corrected on samples")}";
    }

    private static string Shown(BytePlan plan) => plan.Left.Count == 0 ? "" : $"; left float: {string.Join("; ", plan.Left)}";
}
