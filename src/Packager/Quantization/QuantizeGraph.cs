using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>
/// Convolutions and what stands between them in 8 bits by ranges found on samples, in the form that ONNX Runtime fuses: bytes before and after
/// each node, activations in the range, products and sums with one number in scale and zero. Everything else stays float.
/// </summary>
/// <param name="rules">The target's.</param>
/// <param name="calibrator">Runs the samples.</param>
internal sealed class QuantizeGraph(Int8Rules rules, Calibrator calibrator) : IPass
{
    public const string PassName = "quantize";

    public string Name => PassName;

    /// <summary>Outputs of nodes that must stay float.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>();

    public string? Apply(OnnxModel model)
    {
        var plan = BytePlan.Of(new GraphView(model), rules, Excluded);
        if (plan.Nodes.Count == 0) return plan.Left.Count == 0 ? null : $"nothing done{Shown(plan)}";
        var parameters = ByteParameters.Of(plan, rules, calibrator.Observe(model, ByteParameters.Observed(plan)));
        var writer = new ByteWriter(model, plan, parameters, rules.WeightLimit < ByteColumns.Full);
        writer.Write();
        var ops = plan.Nodes.CountBy(node => node.Node.OpType).OrderBy(op => op.Key, StringComparer.Ordinal).Select(op => $"{op.Value} {op.Key}");
        return $"{string.Join(", ", ops)} in 8 bits{(writer.Narrow == 0 ? "" : $", {writer.Narrow} channels of them in 7")}{(plan.Views.Count == 0 ? "" : $", {plan.Views.Count} nodes in scales and zeros")}{Shown(plan)}";
    }

    private static string Shown(BytePlan plan) => plan.Left.Count == 0 ? "" : $"; left float: {string.Join("; ", plan.Left.Select(node => $"'{node.Key}': {node.Value}"))}";
}
