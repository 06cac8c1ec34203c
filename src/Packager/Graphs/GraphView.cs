using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>
/// Who makes a value of a model's main graph and who reads it. A snapshot: it is stale once the model changes. Made in time linear in the
/// graph; every question is answered in constant time.
/// </summary>
internal sealed class GraphView
{
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeProto, int> _positions = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _inputs, _outputs, _captured = new(StringComparer.Ordinal);

    public GraphView(OnnxModel model)
    {
        Model = model;
        _inputs = model.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        _outputs = model.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var tensor in model.Graph.Initializer)
            if (!_inputs.Contains(tensor.Name)) _constants[tensor.Name] = tensor;
        for (var i = 0; i < model.Graph.Node.Count; i++) Add(model.Graph.Node[i], i);
    }

    public OnnxModel Model { get; }

    public IReadOnlyList<NodeProto> Nodes => Model.Graph.Node;

    /// <summary>Null for inputs and initializers.</summary>
    public NodeProto? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes of the main graph that read a value, each once, in the graph's order.</summary>
    public IReadOnlyList<NodeProto> Consumers(string value) => _consumers.TryGetValue(value, out var consumers) ? consumers : [];

    /// <summary>The initializer of that name, where no caller can override it; else null.</summary>
    public TensorProto? Constant(string value) => _constants.GetValueOrDefault(value);

    public bool IsInput(string value) => _inputs.Contains(value);

    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>Whether a subgraph reads it.</summary>
    public bool IsCaptured(string value) => _captured.Contains(value);

    /// <summary>Whether nobody but <paramref name="reader"/> sees the value: no other node, no subgraph, no caller.</summary>
    public bool IsPrivateTo(string value, NodeProto reader) =>
        !IsOutput(value) && !IsCaptured(value) && Consumers(value) is [var only] && ReferenceEquals(only, reader);

    /// <summary>The node's place in the graph's order.</summary>
    public int PositionOf(NodeProto node) => _positions[node];

    private void Add(NodeProto node, int position)
    {
        _positions[node] = position;
        foreach (var output in node.Output)
            if (output.Length > 0) _producers[output] = node;
        foreach (var input in node.Input.Where(input => input.Length > 0).Distinct(StringComparer.Ordinal))
        {
            if (!_consumers.TryGetValue(input, out var consumers)) _consumers[input] = consumers = [];
            consumers.Add(node);
        }
        foreach (var graph in GraphWalk.Subgraphs(node).SelectMany(GraphWalk.Graphs))
        {
            _captured.UnionWith(graph.Node.SelectMany(inner => inner.Input));
            _captured.UnionWith(graph.Output.Select(output => output.Name)); // a subgraph may hand out an outer value as it is
        }
    }
}
