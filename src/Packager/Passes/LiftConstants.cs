using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes;

// y = Constant(value)  ==>  initializer y
/// <summary>
/// Weights in Constant nodes of the main graph become initializers, which can be external and mapped. Constants of subgraphs stay, and so do
/// those that are a graph's output.
/// </summary>
internal sealed class LiftConstants : IPass
{
    public string Name => "lift-constants";

    public string? Apply(OnnxModel model)
    {
        var graph = model.Graph;
        var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var lifted = 0;
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            if (Value(graph.Node[i]) is not { } tensor || outputs.Contains(graph.Node[i].Output[0])) continue;
            tensor.Name = graph.Node[i].Output[0];
            graph.Node.RemoveAt(i);
            graph.Initializer.Add(tensor);
            lifted++;
        }
        return lifted == 0 ? null : $"{lifted} Constant nodes became initializers";
    }

    private static TensorProto? Value(NodeProto node) =>
        node is { OpType: "Constant", Domain: "" or "ai.onnx", Output.Count: 1, Attribute.Count: 1 } && node.Attribute[0] is { Name: "value", T: { } tensor } ? tensor : null;
}
