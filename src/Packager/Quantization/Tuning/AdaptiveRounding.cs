using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

/// <summary>
/// Chooses to which byte each weight is rounded, and each output's scale, by what the layer answers on samples. The aim is AdaRound's (Nagel et al. 2020),
/// the way is descent by one weight at a time over the covariance of the inputs: exact, without a learning rate, in seconds.
/// </summary>
internal sealed class AdaptiveRounding(Calibrator calibrator, Int8Rules rules)
{
    private const int Samples = 16, PlacesPerSample = 256;

    /// <summary>Of covariances that are held at a time.</summary>
    private const long MostElements = 16 << 20;

    private static readonly float[] Narrower = [1, 0.97f, 0.94f, 0.9f, 0.85f, 0.8f, 0.7f, 0.6f];

    private readonly bool _pairsMustFit = rules.WeightLimit < ByteColumns.Full;

    /// <returns>The tuning with weights of all layers.</returns>
    public LayerTuning Of(OnnxModel model, LayerTuning tuning)
    {
        var view = new GraphView(model);
        var layers = BytePlan.Of(view, rules, new HashSet<string>()).Nodes.Where(node => node.Form == KernelForm.Weighted).Select(node => node.Node).ToList();
        var made = new Dictionary<string, ConvolutionWeights>(StringComparer.Ordinal);
        for (var done = 0; done < layers.Count;)
        {
            var group = new List<(NodeProto Node, InputMoments Moments)>();
            for (long held = 0; done < layers.Count && held < MostElements; done++)
            {
                group.Add((layers[done], new InputMoments(layers[done], view.Constant(layers[done].Input[1])!.Dims, (ulong)done)));
                held += group[^1].Moments.Elements;
            }
            Look(model, group);
            foreach (var (node, moments) in group) made[node.Output[0]] = Rounded(model, node, view.Constant(node.Input[1])!, moments);
            calibrator.Report("rounding", done, layers.Count);
        }
        return tuning with { Weights = made };
    }

    private void Look(OnnxModel model, List<(NodeProto Node, InputMoments Moments)> group)
    {
        var readers = group.ToLookup(layer => layer.Node.Input[0], layer => layer.Moments, StringComparer.Ordinal);
        calibrator.Watch(model, [.. readers.Select(reader => reader.Key)], Samples, (name, _, values, shape) =>
        {
            foreach (var moments in readers[name]) moments.Add(values, shape, PlacesPerSample);
        });
    }

    private ConvolutionWeights Rounded(OnnxModel model, NodeProto node, TensorProto tensor, InputMoments moments)
    {
        var groups = node.Long("group", 1);
        var nearest = ConvolutionWeights.Of(model, tensor, groups, _pairsMustFit);
        var order = _pairsMustFit ? KernelOrder.OfConvolution(tensor.Dims, groups) : null;
        var exact = TensorValues.Floats(model, tensor);
        int channels = nearest.Scales.Length, depth = exact.Length / channels, perGroup = channels / (int)groups;
        var (values, scales) = ((sbyte[])nearest.Values.Clone(), (float[])nearest.Scales.Clone());
        var row = new RowRounding(depth, order, PairSums.Limit);
        for (var group = 0; group < groups; group++)
        {
            var blocks = Enumerable.Range(0, moments.Blocks).Select(block => Damped(moments, group, block)).ToArray();
            for (var channel = group * perGroup; channel < (group + 1) * perGroup; channel++)
                scales[channel] = Improve(row, exact.AsSpan(channel * depth, depth), nearest.Scales[channel], values.AsSpan(channel * depth, depth), blocks);
        }
        return nearest with { Values = values, Scales = scales };
    }

    private static (int Start, int Size, double[] Covariance) Damped(InputMoments moments, int group, int block)
    {
        var (covariance, size) = moments[group, block];
        return (moments.Start(block), size, RowRounding.Damped(covariance, size));
    }

    private static float Improve(RowRounding row, ReadOnlySpan<float> exact, float nearest, Span<sbyte> bytes, (int Start, int Size, double[] Covariance)[] blocks)
    {
        var (best, least) = (nearest, double.PositiveInfinity);
        Span<sbyte> tried = new sbyte[bytes.Length];
        foreach (var part in Narrower)
        {
            var scale = nearest * part;
            row.Nearest(exact, scale, tried);
            double error = 0;
            foreach (var (start, size, covariance) in blocks) error += row.Improve(exact, scale, tried, covariance, start, size);
            if (error >= least) continue;
            (best, least) = (scale, error);
            tried.CopyTo(bytes);
        }
        return best;
    }
}
