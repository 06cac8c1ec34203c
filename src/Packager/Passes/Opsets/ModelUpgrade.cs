using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>Brings every node of a model to <see cref="RaiseOpset.Wanted"/>, graph by graph; what becomes of a model with reasons against it must be thrown away.</summary>
/// <param name="model">Is changed.</param>
/// <param name="from">Its opset.</param>
internal sealed class ModelUpgrade(OnnxModel model, long from)
{
    private readonly SortedDictionary<string, int> _converted = new(StringComparer.Ordinal);
    private readonly List<string> _reasons = [];
    private readonly HashSet<string> _read = GraphWalk.Captured(model.Graph).ToHashSet(StringComparer.Ordinal);

    public NameSource Names { get; } = new(model);

    /// <summary>How many nodes of which op got another form.</summary>
    public IReadOnlyDictionary<string, int> Converted => _converted;

    /// <summary>Whether any node or caller sees a value.</summary>
    public bool IsRead(string value) => value.Length > 0 && _read.Contains(value);

    /// <returns>Why not; none where all went well.</returns>
    public IReadOnlyList<string> Run()
    {
        Take(model.Graph, new GraphScope(model, GraphFacts.Of(model)));
        return _reasons;
    }

    private void Take(GraphProto graph, GraphScope scope)
    {
        List<NodeProto> nodes = [];
        foreach (var node in graph.Node)
        {
            foreach (var inner in GraphWalk.Subgraphs(node)) Take(inner, scope.Within(inner));
            nodes.AddRange(Take(node, graph, scope));
        }
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private IReadOnlyList<NodeProto> Take(NodeProto node, GraphProto graph, GraphScope scope)
    {
        if (node.Domain is not ("" or "ai.onnx")) return [node];
        var (op, version) = (node.OpType, from);
        if (!OpsetChanges.Knows(op)) return Refuse(node, $"{op} '{node.Name}' is no known op of opset {from} to {RaiseOpset.Wanted}");
        var upgrade = new NodeUpgrade(this, node, graph, scope);
        while (OpsetChanges.After(node.OpType, version) is { } change)
        {
            if (change.Convert(upgrade) is { } reason) return Refuse(node, $"{op} '{node.Name}' cannot be brought from opset {from} to {change.Version}: {reason}");
            version = change.Version;
        }
        if (version > from) _converted[op] = _converted.GetValueOrDefault(op) + 1;
        return upgrade.Nodes;
    }

    private IReadOnlyList<NodeProto> Refuse(NodeProto node, string reason)
    {
        _reasons.Add(reason);
        return [node];
    }
}
