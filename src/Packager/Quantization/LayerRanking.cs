using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Quantization;

// gain(layer) = error(all in bytes) - error(all but the layer in bytes);  error = sum |y' - y|^2 / sum |y|^2, at the model's outputs
/// <summary>
/// Which layers to hand back to float first: those that take most error away for the work that they cost. Work is counted, not timed, so that the
/// order is the same on every machine.
/// </summary>
internal sealed class LayerRanking(Calibrator calibrator, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen)
{
    private const int Samples = 8;

    /// <summary>Multiplications that moving an element from bytes to float and back is worth.</summary>
    private const double ConversionCost = 16;

    /// <returns>Outputs of layers, the most worthwhile first; those that take no error away are left out.</returns>
    public IReadOnlyList<string> Of(OnnxModel model)
    {
        var exact = calibrator.Answers(model, Samples);
        var plan = BytePlan.Of(new GraphView(model), rules, new HashSet<string>());
        var layers = plan.Nodes.Where(node => node.Form == ByteForm.Weighted).ToList();
        var error = Error(model, exact, []);
        var worth = new List<(string Layer, double Worth)>();
        foreach (var layer in layers)
        {
            var name = layer.Node.Output[0];
            var gain = error - Error(model, exact, [name]);
            if (gain > 0) worth.Add((name, gain / Cost(model, layer)));
            calibrator.Report("layers", worth.Count, layers.Count);
        }
        return [.. worth.OrderByDescending(layer => layer.Worth).ThenBy(layer => layer.Layer, StringComparer.Ordinal).Select(layer => layer.Layer)];
    }

    private double Error(OnnxModel model, IReadOnlyList<float[][]> exact, HashSet<string> excluded)
    {
        var rounded = model.Clone();
        ByteWriter.Write(rounded, rules, seen, excluded);
        var answers = calibrator.Answers(rounded, Samples);
        double error = 0;
        for (var output = 0; output < exact[0].Length; output++)
        {
            double difference = 0, power = 0;
            for (var sample = 0; sample < exact.Count; sample++)
                for (var i = 0; i < exact[sample][output].Length; i++)
                {
                    difference += Square(answers[sample][output][i] - (double)exact[sample][output][i]);
                    power += Square(exact[sample][output][i]);
                }
            error += power > 0 ? difference / power : difference;
        }
        return error;
    }

    private double Cost(OnnxModel model, ByteNode layer)
    {
        var weights = model.Graph.Initializer.First(tensor => tensor.Name == layer.Node.Input[1]);
        return seen[layer.Output].Elements * (weights.Dims.Skip(1).Aggregate(1.0, (product, size) => product * size) + ConversionCost);
    }

    private static double Square(double value) => value * value;
}
