using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Quantization;

// y = Op(x, W, b)  ==>  y = DQ(Q(Op(DQ(Q(x)), DQ(Wq), DQ(bq))));  bq = round(b / (s_x s_W)) in 32 bits
/// <summary>Writes a plan into its model. Whoever reads a value in float goes on reading it by its name, which is what its bytes are worth from then on.</summary>
/// <param name="model">Is changed.</param>
/// <param name="plan">Of the model.</param>
/// <param name="parameters">Of the plan.</param>
/// <param name="rules">The target's.</param>
/// <param name="tuning">Of its layers.</param>
internal sealed class ByteWriter(OnnxModel model, BytePlan plan, ByteParameters parameters, Int8Rules rules, LayerTuning tuning)
{
    private const string FloatBias = "float";

    private readonly QdqGraph _qdq = new(model);
    private readonly GraphView _view = new(model);
    private readonly Dictionary<string, string> _rounded = new(StringComparer.Ordinal);
    private readonly ILookup<string, KeyValuePair<string, AffineView>> _views = plan.Views.ToLookup(view => view.Value.Root, StringComparer.Ordinal);
    private readonly List<NodeProto> _nodes = [];
    private readonly Dictionary<string, int> _narrow = new(StringComparer.Ordinal);

    /// <summary>Plans a model and writes the plan into it.</summary>
    public static WrittenPlan Write(OnnxModel model, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen, IReadOnlySet<string> excluded, LayerTuning? tuning = null)
    {
        var plan = BytePlan.Of(new GraphView(model), rules, excluded);
        var parameters = ByteParameters.Of(plan, rules, seen);
        var writer = new ByteWriter(model, plan, parameters, rules, tuning ?? LayerTuning.None);
        writer.Write();
        return new WrittenPlan(plan, parameters, writer._narrow);
    }

    private void Write()
    {
        var byNode = plan.Nodes.ToDictionary(node => node.Node, node => node, (IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
        var dropped = plan.Nodes.Select(node => node.Activation).OfType<NodeProto>().Concat(plan.Views.Values.Select(view => view.Node)).ToHashSet((IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
        foreach (var node in model.Graph.Node.ToList())
        {
            if (byNode.TryGetValue(node, out var planned)) Write(planned);
            else if (!dropped.Contains(node)) _nodes.Add(node);
        }
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(_nodes);
        _qdq.Finish();
    }

    private void Write(ByteNode planned)
    {
        var (node, output) = (planned.Node, planned.Output);
        if (planned.Form == KernelForm.Weighted) WriteWeighted(node, node.Output[0]);
        else if (planned.Form == KernelForm.Product) WriteProduct(node);
        else if (planned.Form is KernelForm.Pointwise or KernelForm.Join)
            for (var i = 0; i < node.Input.Count; i++)
                if (!plan.IsInBytes(node.Input[i]) && !plan.Bare.Contains(node.Input[i])) node.Input[i] = Numbers(node.Input[i], planned.Form == KernelForm.Join && rules.SharedConcatScales ? parameters[output] : null);
        if (plan.Bare.Contains(output))
        {
            _nodes.Add(node);
            return;
        }
        node.Output[0] = _qdq.Fresh(output + "/exact");
        _nodes.Add(node);
        var (quantize, bytes) = _qdq.Quantize(node.Output[0], output, parameters[output]);
        _nodes.Add(quantize);
        _nodes.Add(_qdq.Dequantize(bytes, output, parameters[output]));
        foreach (var (value, _) in _views[output]) _nodes.Add(_qdq.Dequantize(bytes, value, parameters[value]));
    }

    private void WriteWeighted(NodeProto node, string layer)
    {
        var step = parameters[node.Input[0]].Scale;
        var means = parameters.ChannelMeans(node.Input[0]);
        node.Input[0] = Rounded(node.Input[0]);
        var tensor = _view.Constant(node.Input[1])!;
        var weights = Weights(node, layer, tensor);
        var (inner, group) = ((int)tensor.Dims[1], (int)node.Long("group", 1));
        var correction = means.Length == inner * group ? BiasCorrection.Of(TensorValues.Floats(model, tensor), weights, inner, group, means) : new double[weights.Scales.Length];
        WriteBias(node, step, weights.Scales, tuning.Shift(layer, correction));
    }

    /// <summary>Its matrix has the model's factor in it and is [in, out] from then on. Its mean error stays: a MatMul has no bias to take it out of.</summary>
    private void WriteProduct(NodeProto node)
    {
        var step = parameters[node.Input[0]].Scale;
        var layer = LinearLayer.Of(_view, node, DynamicBytes.FewestWeights).Layer!;
        var columns = ByteColumns.Of(layer.ColumnMajor(model), layer.Depth, rules.WeightLimit < ByteColumns.Full);
        if (columns.Narrow > 0) _narrow[node.Label()] = columns.Narrow;
        var weights = WriteBytes(layer.Weights.Name, [layer.Depth, layer.Columns], columns.Values, columns.Scales, axis: 1);
        (node.Input[0], node.Input[1]) = (Rounded(node.Input[0]), weights);
        node.Attribute.Clear();
        if (layer.Bias is not null) WriteBias(node, step, columns.Scales, new double[layer.Columns]);
    }

    /// <summary>The value as it comes out of bytes; what is made in bytes is that already.</summary>
    private string Rounded(string value)
    {
        if (plan.IsInBytes(value)) return value;
        if (_rounded.TryGetValue(value, out var known)) return known;
        var name = _rounded[value] = _qdq.Fresh(value + "/rounded");
        var (quantize, bytes) = _qdq.Quantize(value, name, parameters[value]);
        _nodes.Add(quantize);
        _nodes.Add(_qdq.Dequantize(bytes, name, parameters[value]));
        return name;
    }

    /// <param name="shared">The range of what they are put beside; null where theirs is their own.</param>
    private string Numbers(string name, ByteRange? shared)
    {
        var tensor = _view.Constant(name)!;
        var values = TensorValues.Floats(model, tensor);
        var isSigned = parameters.IsSigned;
        var range = new ValueRange(Math.Min(0, values.Min()), Math.Max(0, values.Max()));
        if (isSigned) range = ValueRange.Around(Math.Max(-range.Low, range.High));
        _nodes.Add(_qdq.Constant(tensor, values, shared ?? ByteRange.Of(range, isSigned, symmetric: isSigned)));
        return _nodes[^1].Output[0];
    }

    private ConvolutionWeights Weights(NodeProto node, string layer, TensorProto tensor)
    {
        var weights = tuning.Weights.GetValueOrDefault(layer) ?? ConvolutionWeights.Of(model, tensor, node.Long("group", 1), rules.WeightLimit < ByteColumns.Full);
        if (weights.Narrow > 0) _narrow[node.Label()] = weights.Narrow;
        node.Input[1] = WriteBytes(tensor.Name, tensor.Dims, weights.Values, weights.Scales, axis: 0);
        return weights;
    }

    /// <summary>Constant weights, symmetric for each of the sizes of an axis; the value that they are in float.</summary>
    private string WriteBytes(string stem, IReadOnlyList<long> dims, sbyte[] values, float[] scales, int axis)
    {
        var bytes = TensorValues.Of(_qdq.Fresh(stem + "/int8"), dims, values.AsSpan());
        var zeros = TensorValues.Of(_qdq.Fresh(stem + "/zero"), [scales.Length], new sbyte[scales.Length].AsSpan());
        _nodes.Add(_qdq.Constant(bytes, scales, zeros, axis));
        return _nodes[^1].Output[0];
    }

    private void WriteBias(NodeProto node, float inputScale, float[] weightScales, double[] correction)
    {
        var given = node.InputAt(2);
        var name = given.Length > 0 ? given : node.Output[0] + "/bias";
        var values = given.Length > 0 ? TensorValues.Floats(model, _view.Constant(given)!) : new float[correction.Length];
        while (node.Input.Count < 3) node.Input.Add("");
        if (rules.Bias == FloatBias)
        {
            var tensor = TensorValues.Of(_qdq.Fresh(name + "/corrected"), [values.Length], values.Select((value, i) => (float)(value + correction[i])).ToArray().AsSpan());
            model.Graph.Initializer.Add(tensor);
            node.Input[2] = tensor.Name;
            return;
        }
        var scales = weightScales.Select(scale => scale * inputScale).ToArray();
        var bytes = values.Select((value, i) => (int)Math.Clamp(Math.Round((value + correction[i]) / scales[i]), int.MinValue, int.MaxValue)).ToArray();
        _nodes.Add(_qdq.Constant(TensorValues.Of(_qdq.Fresh(name + "/int32"), [bytes.Length], bytes.AsSpan()), scales, null));
        node.Input[2] = _nodes[^1].Output[0];
    }
}
