using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Rewriting;

/// <summary>
/// A local change: nodes that go, nodes that come in their place, initializers that come with them. Initializers are never changed, since
/// others may read them; those that nobody reads any more go when it is applied.
/// </summary>
internal sealed class Patch
{
    public required IReadOnlyList<NodeProto> Removed { get; init; }

    /// <summary>In an order in which they can run; they stand where the last removed one stood.</summary>
    public required IReadOnlyList<NodeProto> Added { get; init; }

    public IReadOnlyList<TensorProto> Constants { get; init; } = [];

    /// <summary>Values that go, and what their readers read instead: something that was there before them.</summary>
    public IReadOnlyDictionary<string, string> Renamed { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the patch would change what others see; null where it may be applied.</summary>
    public string? Objection(GraphView view)
    {
        var made = Added.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var value in Removed.SelectMany(node => node.Output))
        {
            if (value.Length == 0 || made.Contains(value)) continue;
            if (view.IsOutput(value)) return $"'{value}' is an output of the graph";
            if (view.IsCaptured(value)) return $"'{value}' is read by a subgraph";
            if (Renamed.ContainsKey(value)) continue;
            if (view.Consumers(value).FirstOrDefault(reader => !Removed.Contains(reader, ReferenceEqualityComparer.Instance)) is { } reader)
                return $"'{value}' is read by {reader.OpType} '{reader.Name}' too";
        }
        return null;
    }
}
