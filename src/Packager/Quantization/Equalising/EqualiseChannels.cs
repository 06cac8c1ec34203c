using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Quantization.Equalising;

/// <summary>
/// Gives the channels between two convolutions ranges that are more alike, so that the steps of bytes suit all of them. Scales are powers of two: in float
/// the model answers the same. Stays only where the model in bytes answers better.
/// </summary>
internal sealed class EqualiseChannels(Calibrator calibrator, Int8Rules rules) : IPass
{
    public const string PassName = "equalise-channels";

    private Decision? _decided;

    public string Name => PassName;

    public string? Apply(OnnxModel model)
    {
        var view = new GraphView(model);
        var found = view.Nodes.Select(node => ScaledPair.Of(view, node)).ToList();
        var pairs = found.Select(one => one.Pair).OfType<ScaledPair>().ToList();
        if (pairs.Count == 0) return null;
        _decided ??= Decide(model, pairs);
        if (_decided.Scales.Count > 0) Scale(model, pairs, _decided.Scales);
        var left = found.Select(one => one.Reason).OfType<string>().ToList();
        return _decided.Said is null || left.Count == 0 ? _decided.Said : $"{_decided.Said}; left: {string.Join("; ", left)}";
    }

    private Decision Decide(OnnxModel model, List<ScaledPair> pairs)
    {
        var sizes = Look(model, pairs);
        var scales = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (pair, weights) in pairs.Select(pair => (pair, Constant(model, pair.Second.Input[1]))))
            if (ScaleChoice.Of(sizes[pair.Value], TensorValues.Floats(model, weights), (int)weights.Dims[1], (int)weights.Dims[0]) is { } chosen) scales[pair.Value] = chosen;
        if (scales.Count == 0) return new Decision(scales, null);
        var equalised = model.Clone();
        Scale(equalised, pairs, scales);
        var exact = new OutputError(calibrator, model);
        var (before, after) = (ErrorOf(model, exact), ErrorOf(equalised, exact));
        return after < before
            ? new Decision(scales, $"{scales.Count} of {pairs.Count} pairs of convolutions")
            : new Decision(new Dictionary<string, float[]>(), $"nothing done: with {scales.Count} of {pairs.Count} pairs equalised the error is {after:g3}, {before:g3} without");
    }

    private Dictionary<string, ChannelSizes> Look(OnnxModel model, List<ScaledPair> pairs)
    {
        var sizes = pairs.Select(pair => pair.Value).Distinct(StringComparer.Ordinal).ToDictionary(value => value, _ => new ChannelSizes(), StringComparer.Ordinal);
        calibrator.Watch(model, sizes.Keys, OutputError.Samples, (name, _, values, shape) => sizes[name].Add(values, shape));
        return sizes;
    }

    private static void Scale(OnnxModel model, List<ScaledPair> pairs, IReadOnlyDictionary<string, float[]> all)
    {
        var view = new GraphView(model);
        foreach (var pair in pairs)
        {
            if (!all.TryGetValue(pair.Value, out var scales)) continue;
            var (first, second) = (view.Producer(pair.First.Output[0])!, view.Producer(pair.Second.Output[0])!); // a clone's own
            Columns(model, view, second, scales);
            Rows(model, view, first, 1, scales);
            if (first.InputAt(2).Length > 0) Rows(model, view, first, 2, scales);
        }
    }

    private static void Columns(OnnxModel model, GraphView view, NodeProto node, float[] scales)
    {
        var tensor = Constant(model, node.Input[1]);
        var weights = TensorValues.Floats(model, tensor);
        int outputs = (int)tensor.Dims[0], inner = (int)tensor.Dims[1], depth = weights.Length / outputs, groups = scales.Length / inner;
        for (var at = 0; at < weights.Length; at++) weights[at] *= scales[at / depth / (outputs / groups) * inner + at % depth / (depth / inner)];
        Replace(model, view, node, 1, tensor, weights);
    }

    private static void Rows(OnnxModel model, GraphView view, NodeProto node, int input, float[] scales)
    {
        var tensor = Constant(model, node.Input[input]);
        var values = TensorValues.Floats(model, tensor);
        for (var at = 0; at < values.Length; at++) values[at] /= scales[at / (values.Length / scales.Length)];
        Replace(model, view, node, input, tensor, values);
    }

    private static void Replace(OnnxModel model, GraphView view, NodeProto node, int input, TensorProto tensor, float[] values)
    {
        var made = TensorValues.Of(view.Fresh(tensor.Name + "/equalised"), tensor.Dims, values.AsSpan());
        model.Graph.Initializer.Add(made);
        node.Input[input] = made.Name;
    }

    private static TensorProto Constant(OnnxModel model, string name) => model.Graph.Initializer.First(tensor => tensor.Name == name);

    /// <summary>In bytes, by the ranges of a few samples.</summary>
    private double ErrorOf(OnnxModel model, OutputError exact)
    {
        var values = ByteParameters.Observed(BytePlan.Of(new GraphView(model), rules, new HashSet<string>()));
        var seen = values.ToDictionary(value => value, _ => new SeenValue(RangeMethods.Default), StringComparer.Ordinal);
        calibrator.Watch(model, values, OutputError.Samples, (name, _, numbers, shape) => seen[name].TryAdd(numbers, shape));
        return exact.InBytes(model, rules, seen, LayerTuning.None);
    }

    /// <summary>Found once: attempts at a variant begin with the same model.</summary>
    /// <param name="Scales">By the value between a pair; none where it does not pay.</param>
    /// <param name="Said">Of it.</param>
    private sealed record Decision(IReadOnlyDictionary<string, float[]> Scales, string? Said);
}
