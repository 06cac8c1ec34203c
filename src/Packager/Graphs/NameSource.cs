using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>Names that no value or node of a model has yet, subgraphs included.</summary>
internal sealed class NameSource
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public NameSource(OnnxModel model)
    {
        foreach (var graph in GraphWalk.Graphs(model.Graph))
        {
            _taken.UnionWith(graph.Input.Concat(graph.Output).Select(value => value.Name));
            _taken.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
            foreach (var node in graph.Node) _taken.UnionWith(node.Output.Append(node.Name).Concat(node.Input));
        }
    }

    /// <summary>The wish, with a number behind it where it is taken.</summary>
    public string Fresh(string wish)
    {
        var name = wish;
        for (var i = 1; !_taken.Add(name); i++) name = $"{wish}_{i}";
        return name;
    }
}
