using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Simplifying;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

// b' = b + E[y] - E[y'];  y of the float layer, y' of the layer in bytes behind layers that are corrected already
/// <summary>
/// Takes the mean of the error out of each layer as it is seen on samples (Nagel et al. 2019), from the first layer to the last. What does not bring the
/// answers nearer is not kept: where values are mostly background, a mean that is right is not yet an answer that is.
/// </summary>
/// <param name="error">Of the answers with a tuning.</param>
internal sealed class SequentialBias(Calibrator calibrator, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen, Func<LayerTuning, double> error)
{
    /// <summary>Layers are corrected in so many groups, each behind those that are corrected already: every group is a few runs of its own.</summary>
    private const int MostGroups = 20;

    /// <returns>The tuning with shifts of biases.</returns>
    public LayerTuning Of(OnnxModel model, LayerTuning tuning)
    {
        string[] layers = [.. BytePlan.Of(new GraphView(model), rules, new HashSet<string>()).Nodes.Where(node => node.Form == KernelForm.Weighted).Select(node => node.Node.Output[0])];
        var exact = Means(model, layers);
        var least = error(tuning);
        var done = 0;
        foreach (var group in layers.Chunk((layers.Length + MostGroups - 1) / MostGroups))
        {
            var tried = Corrected(model, tuning, exact, group);
            if (error(tried) is var left && left < least) (tuning, least) = (tried, left);
            calibrator.Report("biases", done += group.Length, layers.Length);
        }
        return tuning;
    }

    private LayerTuning Corrected(OnnxModel model, LayerTuning tuning, Dictionary<string, double[]> exact, string[] group)
    {
        var rounded = model.Clone();
        var view = new GraphView(rounded);
        var nodes = group.Select(layer => view.Producer(layer)!).ToList();
        ByteWriter.Write(rounded, rules, seen, new HashSet<string>(), tuning);
        string[] values = [.. nodes.Select(node => node.Output[0])]; // the writer has renamed them
        var means = Means(rounded, values);
        var shifts = new Dictionary<string, double[]>(tuning.Shifts, StringComparer.Ordinal);
        foreach (var (layer, value) in group.Zip(values))
            if (means[value].Length > 0 && means[value].Length == exact[layer].Length)
                shifts[layer] = [.. exact[layer].Zip(means[value], (mean, now) => mean - now)];
        return tuning with { Shifts = shifts };
    }

    private Dictionary<string, double[]> Means(OnnxModel model, string[] values)
    {
        var cut = model.Clone();
        cut.Graph.Output.Clear();
        cut.Graph.Output.AddRange(values.Select(value => new ValueInfoProto { Name = value }));
        new DropDead().Apply(cut);
        var means = values.ToDictionary(value => value, _ => new ChannelMeans(), StringComparer.Ordinal);
        calibrator.Watch(cut, values, OutputError.Samples, (name, _, numbers, shape) => means[name].Add(numbers, shape));
        return means.ToDictionary(value => value.Key, value => value.Value.Means, StringComparer.Ordinal);
    }
}
