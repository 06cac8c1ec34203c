using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Passes;

// y = Op(x, w)  ==>  x' = Cast(x, float16);  y' = Op(x', w');  y = Cast(y', float32) where someone still wants y
/// <summary>
/// Computes in float16 between the graph's inputs and outputs, which stay float32. A value keeps its name in float32 and gets another in
/// float16; casts appear only where both are wanted. What descends from whole numbers alone (shapes, sizes, masks) stays float32, and so do the ops of
/// <see cref="FloatOps"/>, subgraphs and what they capture, and weights that <see cref="HalfRange"/> refuses.
/// </summary>
internal sealed class HalfCompute : IPass
{
    public string Name => "half-compute";

    public string? Apply(OnnxModel model)
    {
        var rewrite = new Rewrite(model, GraphFacts.Of(model));
        foreach (var node in model.Graph.Node.ToList()) rewrite.Take(node);
        return rewrite.Finish();
    }

    private sealed class Rewrite(OnnxModel model, IReadOnlyDictionary<string, ValueFact> facts)
    {
        private readonly NameSource _names = new(model);
        private readonly Dictionary<string, TensorProto> _weights = model.Graph.Initializer.Where(tensor => (DataType)tensor.DataType == DataType.Float)
            .Where(tensor => model.Graph.Input.All(input => input.Name != tensor.Name)).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        private readonly HashSet<string> _signals = model.Graph.Input.Select(input => input.Name).Where(name => facts.GetValueOrDefault(name).IsFloat).ToHashSet(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _halves = new(StringComparer.Ordinal);
        private readonly HashSet<string> _floats = model.Graph.Input.Select(input => input.Name).Concat(model.Graph.Initializer.Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
        private readonly List<NodeProto> _nodes = [];
        private readonly SortedDictionary<string, int> _kept = new(StringComparer.Ordinal);
        private int _converted;

        public void Take(NodeProto node)
        {
            var signal = node.Input.Any(_signals.Contains) || node.OpType == "Gather" && _weights.ContainsKey(node.Input[0]);
            if (signal) _signals.UnionWith(node.Output.Where(IsFloat));
            if (signal && node.Output.Any(IsFloat) && Refusal(node) is not { } reason) Halve(node);
            else Keep(node, signal);
        }

        public string? Finish()
        {
            if (_converted == 0) return null;
            foreach (var output in model.Graph.Output) WantFloat(output.Name);
            model.Graph.Node.Clear();
            model.Graph.Node.AddRange(_nodes);
            model.Graph.ValueInfo.Clear(); // they state the types of before
            DropUnused();
            var kept = _kept.Count == 0 ? "" : $"; float32 stay {string.Join(", ", _kept.Select(op => $"{op.Value} {op.Key}"))}";
            return $"{_converted} nodes compute in float16{kept}";
        }

        private string? Refusal(NodeProto node)
        {
            if (FloatOps.Refusal(node) is { } reason) return reason;
            for (var i = 0; i < node.Input.Count; i++)
                if (!FloatOps.KeepsInput(node, i) && _weights.TryGetValue(node.Input[i], out var weight)
                    && HalfRange.Refusal(FloatScan.Of(model.ContentOf(weight), weight.DataType)) is { } range) return range;
            return null;
        }

        private void Halve(NodeProto node)
        {
            for (var i = 0; i < node.Input.Count; i++)
                if (IsFloat(node.Input[i])) node.Input[i] = FloatOps.KeepsInput(node, i) ? WantFloat(node.Input[i]) : WantHalf(node.Input[i]);
            for (var i = 0; i < node.Output.Count; i++)
                if (IsFloat(node.Output[i])) node.Output[i] = _halves[node.Output[i]] = _names.Fresh(node.Output[i] + "/float16");
            if (node.OpType == "Cast") node.Attribute.Single(attribute => attribute.Name == "to").I = (long)DataType.Float16;
            _nodes.Add(node);
            _converted++;
        }

        private void Keep(NodeProto node, bool signal)
        {
            foreach (var name in Reads(node)) WantFloat(name);
            if (signal && node.Output.Any(IsFloat)) _kept[node.OpType] = _kept.GetValueOrDefault(node.OpType) + 1;
            _floats.UnionWith(node.Output);
            _nodes.Add(node);
        }

        private string WantFloat(string name)
        {
            if (name.Length == 0 || _floats.Contains(name) || !_halves.TryGetValue(name, out var half)) return name;
            _floats.Add(name);
            _nodes.Add(Cast(half, name, DataType.Float));
            return name;
        }

        private string WantHalf(string name)
        {
            if (_halves.TryGetValue(name, out var half)) return half;
            half = _halves[name] = _names.Fresh(name + "/float16");
            if (_weights.TryGetValue(name, out var weight)) AddHalfWeight(weight, half);
            else _nodes.Add(Cast(name, half, DataType.Float16));
            return half;
        }

        private void AddHalfWeight(TensorProto weight, string name)
        {
            var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float16, Dims = { weight.Dims } };
            model.Graph.Initializer.Add(tensor);
            model.PutOutside(tensor, new HalfContent(model.ContentOf(weight)));
        }

        private NodeProto Cast(string from, string to, DataType type) => new()
        {
            OpType = "Cast",
            Name = _names.Fresh(to + "/Cast"),
            Input = { from },
            Output = { to },
            Attribute = { new AttributeProto { Name = "to", Type = AttributeType.Int, I = (long)type } },
        };

        private void DropUnused()
        {
            var used = model.Graph.Node.SelectMany(Reads).Concat(model.Graph.Output.Select(output => output.Name)).ToHashSet(StringComparer.Ordinal);
            foreach (var weight in _weights.Values)
                if (_halves.ContainsKey(weight.Name) && !used.Contains(weight.Name)) model.Graph.Initializer.Remove(weight);
        }

        private bool IsFloat(string name) => name.Length > 0 && facts.GetValueOrDefault(name).IsFloat;

        /// <summary>A node's inputs, and what its subgraphs take from around them.</summary>
        private static IEnumerable<string> Reads(NodeProto node) =>
            node.Input.Concat(GraphWalk.Subgraphs(node).SelectMany(GraphWalk.Graphs).SelectMany(graph => graph.Node.SelectMany(inner => inner.Input).Concat(graph.Output.Select(output => output.Name))));
    }
}
