using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization;

// y = Relu(Conv(x, W, b))  ==>  y = DQ(Q(Conv(DQ(Q(x)), DQ(Wq), DQ(bq))));  bq = round(b / (s_x s_W)) in 32 bits
/// <summary>
/// Convolutions in 8 bits by ranges found on samples, in the form that ONNX Runtime fuses: bytes before and after each, the activation in the
/// range. A sum of two such outputs is in bytes too. Everything else stays float.
/// </summary>
/// <param name="rules">The target's.</param>
/// <param name="calibrator">Runs the samples.</param>
internal sealed class QuantizeConvolutions(Int8Rules rules, Calibrator calibrator) : IPass
{
    public const string PassName = "quantize-convolutions";

    public string Name => PassName;

    public string? Apply(OnnxModel model)
    {
        var view = new GraphView(model);
        var plan = Plan.Of(view, clips: !rules.SymmetricActivations);
        if (plan.Convolutions.Count == 0) return plan.Left.Count == 0 ? null : $"nothing done; left float: {Shown(plan.Left)}";
        var ranges = calibrator.Observe(model, plan.Values).ToDictionary(value => value.Key, value => Range(value.Value), StringComparer.Ordinal);
        var narrow = new Rewrite(model, plan, ranges, rules.WeightLimit < ByteColumns.Full).Run();
        return $"{plan.Convolutions.Count} convolutions and {plan.Sums.Count} sums in 8 bits{(narrow == 0 ? "" : $", {narrow} channels of them in 7")}{(plan.Left.Count == 0 ? "" : $"; left float: {Shown(plan.Left)}")}";
    }

    private ByteRange Range(ValueHistogram histogram) =>
        ByteRange.Of(RangeSearch.Of(histogram, rules.SymmetricActivations), rules.Activations == "INT8", rules.SymmetricActivations);

    private static string Shown(IReadOnlyList<string> left) => string.Join("; ", left);

    /// <summary>What is computed in bytes.</summary>
    private sealed record Plan(IReadOnlyList<Convolution> Convolutions, IReadOnlyList<Convolution> Sums, IReadOnlyList<string> Left)
    {
        /// <summary>Those whose ranges are needed, in a fixed order.</summary>
        public IReadOnlyList<string> Values => [.. Convolutions.SelectMany(conv => new[] { conv.Input, conv.Output }).Concat(Sums.Select(sum => sum.Output)).Distinct(StringComparer.Ordinal)];

        public static Plan Of(GraphView view, bool clips)
        {
            List<Convolution> convolutions = [], sums = [];
            List<string> left = [];
            var bytes = new HashSet<string>(StringComparer.Ordinal);
            foreach (var node in view.Nodes)
            {
                var (found, reason) = Convolution.Of(view, node, clips);
                if (reason is not null) left.Add($"{node.OpType} '{node.Name}': {reason}");
                if (found is not null) convolutions.Add(found);
                else if (Sum(view, node, bytes, clips) is { } sum) sums.Add(found = sum);
                if (found is not null) bytes.Add(found.Output);
            }
            return new Plan(convolutions, sums, left);
        }

        private static Convolution? Sum(GraphView view, NodeProto node, HashSet<string> bytes, bool clips) =>
            node.Is("Add") && node.Input.All(bytes.Contains) && !view.IsOutput(node.Output[0]) && !view.IsCaptured(node.Output[0])
                ? new Convolution(node, Convolution.Absorbed(view, node, clips))
                : null;
    }

    private sealed class Rewrite(OnnxModel model, Plan plan, IReadOnlyDictionary<string, ByteRange> ranges, bool pairsMustFit)
    {
        private readonly QdqGraph _qdq = new(model);
        private readonly GraphView _view = new(model);
        private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);
        private readonly List<NodeProto> _nodes = [];
        private int _narrow;

        public int Run()
        {
            var inBytes = plan.Convolutions.Concat(plan.Sums).ToDictionary(conv => conv.Node, conv => conv, (IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
            var dropped = inBytes.Values.Select(conv => conv.Activation).OfType<NodeProto>().ToHashSet((IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);
            foreach (var output in inBytes.Values.Select(conv => conv.Output)) _inputs[output] = output;
            foreach (var node in model.Graph.Node.ToList())
            {
                if (inBytes.TryGetValue(node, out var conv)) Write(conv);
                else if (!dropped.Contains(node)) _nodes.Add(node);
            }
            model.Graph.Node.Clear();
            model.Graph.Node.AddRange(_nodes);
            _qdq.Finish();
            return _narrow;
        }

        private void Write(Convolution conv)
        {
            var output = conv.Output;
            var node = conv.Node;
            if (node.OpType == "Conv")
            {
                var (input, step) = (InBytes(conv.Input), ranges[conv.Input].Scale);
                var weights = Weights(node);
                node.Input[0] = input;
                if (node.InputAt(2).Length > 0) node.Input[2] = Bias(node.Input[2], step, weights);
            }
            node.Output[0] = _qdq.Fresh(output + "/exact");
            _nodes.Add(node);
            _nodes.AddRange(_qdq.Pair(node.Output[0], output, ranges[output]));
        }

        /// <summary>The value as it comes out of bytes; what a convolution in bytes gives is that already.</summary>
        private string InBytes(string value)
        {
            if (_inputs.TryGetValue(value, out var known)) return known;
            var name = _inputs[value] = _qdq.Fresh(value + "/rounded");
            _nodes.AddRange(_qdq.Pair(value, name, ranges[value]));
            return name;
        }

        private float[] Weights(NodeProto node)
        {
            var tensor = _view.Constant(node.Input[1])!;
            var weights = ConvolutionWeights.Of(model, tensor, pairsMustFit);
            _narrow += weights.Narrow;
            var bytes = TensorValues.Of(_qdq.Fresh(tensor.Name + "/int8"), tensor.Dims, weights.Values.AsSpan());
            var zeros = TensorValues.Of(_qdq.Fresh(tensor.Name + "/zero"), [weights.Scales.Length], new sbyte[weights.Scales.Length].AsSpan());
            _nodes.Add(_qdq.Constant(bytes, weights.Scales, zeros));
            node.Input[1] = _nodes[^1].Output[0];
            return weights.Scales;
        }

        private string Bias(string name, float inputScale, float[] weightScales)
        {
            var values = TensorValues.Floats(model, _view.Constant(name)!);
            var scales = weightScales.Select(scale => scale * inputScale).ToArray();
            var whole = values.Select((value, channel) => (int)Math.Clamp(Math.Round(value / (double)scales[channel]), int.MinValue, int.MaxValue)).ToArray();
            _nodes.Add(_qdq.Constant(TensorValues.Of(_qdq.Fresh(name + "/int32"), [whole.Length], whole.AsSpan()), scales, null));
            return _nodes[^1].Output[0];
        }
    }
}
