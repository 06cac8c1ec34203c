using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>What is known of the values that a graph's nodes can read: its own, and for a subgraph those around it. A subgraph's own have types only where few rules tell them.</summary>
internal sealed class GraphScope
{
    private readonly OnnxModel _model;
    private readonly GraphScope? _outer;
    private readonly Dictionary<string, ValueFact> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);

    /// <param name="model">Whose main graph it is of.</param>
    /// <param name="facts">Of all its values.</param>
    public GraphScope(OnnxModel model, IReadOnlyDictionary<string, ValueFact> facts)
        : this(model, null, model.Graph)
    {
        foreach (var (name, fact) in facts) _facts[name] = fact;
    }

    private GraphScope(OnnxModel model, GraphScope? outer, GraphProto graph)
    {
        (_model, _outer) = (model, outer);
        var inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var value in graph.Input.Concat(graph.ValueInfo).Concat(graph.Output)) AddDeclared(value);
        foreach (var tensor in graph.Initializer)
            if (!inputs.Contains(tensor.Name)) Add(tensor.Name, tensor);
        foreach (var node in graph.Node) Add(node);
    }

    public GraphScope Within(GraphProto subgraph) => new(_model, this, subgraph);

    public ValueFact Fact(string value) => _facts.TryGetValue(value, out var fact) ? fact : _outer?.Fact(value) ?? default;

    /// <summary>Null where it is no constant of float32.</summary>
    public float[]? ConstantFloats(string value)
    {
        if (!_constants.TryGetValue(value, out var tensor)) return _facts.ContainsKey(value) ? null : _outer?.ConstantFloats(value);
        return (DataType)tensor.DataType == DataType.Float ? TensorValues.Floats(_model, tensor) : null;
    }

    private void AddDeclared(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { ElemType: > 0 } tensor) return;
        long[]? shape = tensor.Shape is null ? null : [.. tensor.Shape.Dim.Select(size => size.HasDimValue ? size.DimValue : -1)];
        _facts[value.Name] = new ValueFact((ElementType)tensor.ElemType, shape);
    }

    private void Add(string name, TensorProto tensor)
    {
        _constants[name] = tensor;
        _facts[name] = new ValueFact((ElementType)tensor.DataType, [.. tensor.Dims]);
    }

    private void Add(NodeProto node)
    {
        if (node.Is("Constant") && node.Find("value")?.T is { } tensor) Add(node.Output[0], tensor);
        else if (node.Output.Count > 0 && OutputTypes.First(node, value => Fact(value).Type) is not 0 and var type) _facts.TryAdd(node.Output[0], new ValueFact(type, null));
    }
}
