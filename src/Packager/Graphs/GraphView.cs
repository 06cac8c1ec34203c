using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>
/// Who makes a value of a model's main graph and who reads it. A snapshot, which only patches keep up to date: any other change to the model
/// makes it stale. Made in time linear in the graph; every question is answered in constant time.
/// </summary>
internal sealed class GraphView
{
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeProto, int> _positions = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _inputs, _outputs, _captured = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, ValueFact>? _facts;
    private NameSource? _names;

    /// <param name="model">Whose main graph is looked at.</param>
    /// <param name="facts">Of its values, where they are known.</param>
    public GraphView(OnnxModel model, IReadOnlyDictionary<string, ValueFact>? facts = null)
    {
        (Model, _facts) = (model, facts);
        _inputs = model.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        _outputs = model.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var tensor in model.Graph.Initializer) Add(tensor);
        for (var i = 0; i < model.Graph.Node.Count; i++) Add(model.Graph.Node[i], i);
    }

    public OnnxModel Model { get; }

    public IReadOnlyList<NodeProto> Nodes => Model.Graph.Node;

    /// <summary>Null for inputs and initializers.</summary>
    public NodeProto? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes of the main graph that read a value, each once.</summary>
    public IReadOnlyList<NodeProto> Consumers(string value) => _consumers.TryGetValue(value, out var consumers) ? consumers : [];

    /// <summary>The initializer of that name, where no caller can override it; else null.</summary>
    public TensorProto? Constant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>As <see cref="Constant"/>, where it is float32.</summary>
    public TensorProto? FloatConstant(string value) => Constant(value) is { DataType: (int)TensorProto.Types.DataType.Float } tensor ? tensor : null;

    /// <summary>The number of a constant of one float32, whatever its shape; null where it is none.</summary>
    public float? Number(string value) => FloatConstant(value) is { } tensor && TensorValues.Floats(Model, tensor) is [var number] ? number : null;

    /// <summary>A limit of a Clip: an input, or an attribute up to opset 10. NaN, which is within no limit, where it is no constant.</summary>
    /// <param name="clip">The node.</param>
    /// <param name="input">Its place among the inputs.</param>
    /// <param name="attribute">Its name as an attribute.</param>
    /// <param name="otherwise">Where it is not given.</param>
    public float Limit(NodeProto clip, int input, string attribute, float otherwise) =>
        clip.InputAt(input) is { Length: > 0 } name ? Number(name) ?? float.NaN : clip.Float(attribute, otherwise);

    /// <summary>Type and shape; of type 0 and no shape where nothing is known.</summary>
    public ValueFact Fact(string value) => _facts?.GetValueOrDefault(value) ?? default;

    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>Whether a subgraph reads it.</summary>
    public bool IsCaptured(string value) => _captured.Contains(value);

    /// <summary>Whether nobody but <paramref name="reader"/> sees the value: no other node, no subgraph, no caller.</summary>
    public bool IsPrivateTo(string value, NodeProto reader) => ReferenceEquals(OnlyReader(value), reader);

    /// <summary>The node that alone sees the value; null where another node, a subgraph or the caller does too, or nobody.</summary>
    public NodeProto? OnlyReader(string value) => !IsOutput(value) && !IsCaptured(value) && Consumers(value) is [var only] ? only : null;

    /// <summary>The node's place in the graph's order; nodes that one patch brought share a place.</summary>
    public int PositionOf(NodeProto node) => _positions[node];

    /// <summary>A name that nothing has yet.</summary>
    public string Fresh(string wish) => (_names ??= new NameSource(Model)).Fresh(wish);

    public void Add(TensorProto tensor)
    {
        if (!_inputs.Contains(tensor.Name)) _constants[tensor.Name] = tensor;
    }

    public void Remove(TensorProto tensor) => _constants.Remove(tensor.Name);

    public void Add(NodeProto node, int position)
    {
        _positions[node] = position;
        foreach (var output in node.Output)
            if (output.Length > 0) _producers[output] = node;
        foreach (var input in ReadBy(node))
        {
            if (!_consumers.TryGetValue(input, out var consumers)) _consumers[input] = consumers = [];
            consumers.Add(node);
        }
        foreach (var inner in GraphWalk.Subgraphs(node)) _captured.UnionWith(GraphWalk.Captured(inner));
    }

    /// <summary>What its subgraphs read counts as captured from then on too.</summary>
    public void Remove(NodeProto node)
    {
        _positions.Remove(node);
        foreach (var output in node.Output)
            if (_producers.TryGetValue(output, out var producer) && ReferenceEquals(producer, node)) _producers.Remove(output);
        foreach (var input in ReadBy(node)) _consumers[input].RemoveAll(reader => ReferenceEquals(reader, node));
    }

    private static IEnumerable<string> ReadBy(NodeProto node) => node.Input.Where(input => input.Length > 0).Distinct(StringComparer.Ordinal);
}
