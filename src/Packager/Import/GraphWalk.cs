using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Import;

/// <summary>All graphs, nodes and tensors of a model, subgraphs of attributes included, in a fixed order.</summary>
internal static class GraphWalk
{
    public static IEnumerable<GraphProto> Graphs(GraphProto graph)
    {
        yield return graph;
        foreach (var node in graph.Node)
            foreach (var inner in Subgraphs(node))
                foreach (var nested in Graphs(inner)) yield return nested;
    }

    public static IEnumerable<GraphProto> Subgraphs(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.G is not null) yield return attribute.G;
            foreach (var graph in attribute.Graphs) yield return graph;
        }
    }

    /// <summary>Every name that a subgraph or one within it reads or hands out: those of its own, and what it takes from around it.</summary>
    public static IEnumerable<string> Captured(GraphProto subgraph) =>
        Graphs(subgraph).SelectMany(graph => graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)));

    public static IEnumerable<TensorProto> Tensors(GraphProto graph)
    {
        foreach (var inner in Graphs(graph))
        {
            foreach (var tensor in inner.Initializer) yield return tensor;
            foreach (var node in inner.Node)
                foreach (var attribute in node.Attribute)
                {
                    if (attribute.T is not null) yield return attribute.T;
                    foreach (var tensor in attribute.Tensors) yield return tensor;
                }
        }
    }
}
