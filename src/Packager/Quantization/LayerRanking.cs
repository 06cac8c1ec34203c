using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Quantization;

// gain(layer) = error(all in bytes) - error(all but the layer in bytes), at the model's outputs
/// <summary>
/// Which layers to hand back to float first: those that take most error away for the work that they cost. Work is counted, not timed, so that the
/// order is the same on every machine.
/// </summary>
internal sealed class LayerRanking(Calibrator calibrator, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen, LayerTuning tuning)
{
    /// <summary>Multiplications that moving an element from bytes to float and back is worth.</summary>
    private const double ConversionCost = 16;

    /// <returns>Layers that take error away, the most worthwhile first, each by its output and with its part of the work of all.</returns>
    public IReadOnlyList<(string Layer, double Share)> Of(OnnxModel model, OutputError exact)
    {
        var view = new GraphView(model);
        var plan = BytePlan.Of(view, rules, new HashSet<string>());
        var layers = plan.Nodes.Where(node => node.IsLayer).ToList();
        double[] costs = [.. layers.Select(layer => Cost(view, layer))];
        var (error, work) = (exact.InBytes(model, rules, seen, tuning), costs.Sum());
        var worth = new List<(string Layer, double Share, double Gain)>();
        for (var i = 0; i < layers.Count; i++)
        {
            var name = layers[i].Node.Output[0];
            var gain = error - exact.InBytes(model, rules, seen, tuning, name);
            if (gain > 0) worth.Add((name, costs[i] / work, gain));
            calibrator.Report("layers", i + 1, layers.Count);
        }
        return [.. worth.OrderByDescending(layer => layer.Gain / layer.Share).ThenBy(layer => layer.Layer, StringComparer.Ordinal).Select(layer => (layer.Layer, layer.Share))];
    }

    private double Cost(GraphView view, ByteNode layer) =>
        seen[layer.Output].Elements * (Depth(view, layer) + ConversionCost);

    /// <summary>Products for each element of the output.</summary>
    private static double Depth(GraphView view, ByteNode layer) => layer.Form == KernelForm.Product
        ? LinearLayer.Of(view, layer.Node, DynamicBytes.FewestWeights).Layer!.Depth
        : view.Constant(layer.Node.Input[1])!.Dims.Skip(1).Aggregate(1.0, (product, size) => product * size);
}
