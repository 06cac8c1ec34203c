using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Simplifying;

// y = Op(x), nobody reads y  ==>  nothing;   initializer w, nobody reads w  ==>  nothing
/// <summary>
/// Drops nodes and initializers that no output depends on, in subgraphs too. Requires an order in which the nodes can run; ensures that every
/// node left has an output that is read. Inputs stay, since callers give them, and so do initializers that callers may override.
/// </summary>
internal sealed class DropDead : IPass
{
    public string Name => "drop-dead";

    public string? Apply(OnnxModel model)
    {
        var sweep = new Sweep();
        sweep.Through(model.Graph);
        return sweep.Nodes + sweep.Tensors == 0 ? null : $"{sweep.Nodes} nodes and {sweep.Tensors} initializers that nothing reads are gone";
    }

    private sealed class Sweep
    {
        private readonly HashSet<string> _read = new(StringComparer.Ordinal);

        public int Nodes { get; private set; }

        public int Tensors { get; private set; }

        /// <summary>Subgraphs come before what stands above their node: names are unique among a graph and those within it.</summary>
        public void Through(GraphProto graph)
        {
            _read.UnionWith(graph.Output.Select(output => output.Name));
            List<NodeProto> live = [];
            foreach (var node in graph.Node.Reverse())
            {
                if (!node.Output.Any(output => output.Length > 0 && _read.Contains(output))) continue;
                live.Add(node);
                _read.UnionWith(node.Input);
                foreach (var inner in GraphWalk.Subgraphs(node)) Through(inner);
            }
            if (live.Count < graph.Node.Count) Replace(graph, live);
            DropTensors(graph);
        }

        private void Replace(GraphProto graph, List<NodeProto> live)
        {
            Nodes += graph.Node.Count - live.Count;
            graph.Node.Clear();
            graph.Node.AddRange(live.AsEnumerable().Reverse());
            graph.ValueInfo.Clear(); // it tells of values that are gone
        }

        private void DropTensors(GraphProto graph)
        {
            var inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
            List<TensorProto> kept = [.. graph.Initializer.Where(tensor => _read.Contains(tensor.Name) || inputs.Contains(tensor.Name))];
            if (kept.Count == graph.Initializer.Count) return;
            Tensors += graph.Initializer.Count - kept.Count;
            graph.Initializer.Clear();
            graph.Initializer.AddRange(kept);
        }
    }
}
