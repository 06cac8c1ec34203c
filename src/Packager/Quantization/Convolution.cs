using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>A convolution that can be computed in bytes, and the activation behind it that its output's range stands for.</summary>
/// <param name="Node">With constant weights, and a constant bias or none.</param>
/// <param name="Activation">A Relu, or a Clip from 0, that is dropped: bytes that begin at 0 clip by themselves. Null where none is.</param>
internal sealed record Convolution(NodeProto Node, NodeProto? Activation)
{
    public string Input => Node.Input[0];

    /// <summary>What is quantized behind it.</summary>
    public string Output => (Activation ?? Node).Output[0];

    /// <param name="view">The graph.</param>
    /// <param name="node">Any of its nodes.</param>
    /// <param name="clips">Whether bytes can begin at 0; symmetric ones reach as far below it, and the activation stays.</param>
    /// <returns>The convolution, or why the node stays float; neither where it is none.</returns>
    public static (Convolution? Found, string? Reason) Of(GraphView view, NodeProto node, bool clips)
    {
        if (!node.Is("Conv")) return default;
        if (view.FloatConstant(node.Input[1]) is null) return (null, "its weights are no float32 constant");
        if (node.InputAt(2).Length > 0 && view.FloatConstant(node.Input[2]) is null) return (null, "its bias is no float32 constant");
        if (view.IsOutput(node.Output[0])) return (null, "its output is the graph's");
        if (view.IsCaptured(node.Output[0])) return (null, "a subgraph reads its output");
        return (new Convolution(node, Absorbed(view, node, clips)), null);
    }

    /// <summary>The activation that alone reads the node's output and can be dropped.</summary>
    public static NodeProto? Absorbed(GraphView view, NodeProto node, bool clips)
    {
        if (!clips || view.Consumers(node.Output[0]) is not [var next] || view.IsOutput(next.Output[0]) || view.IsCaptured(next.Output[0])) return null;
        return next.Is("Relu") || IsClipFromZero(view, next) ? next : null;
    }

    private static bool IsClipFromZero(GraphView view, NodeProto node)
    {
        if (!node.Is("Clip") || node.Input.Count == 0) return false;
        if (node.Find("min") is { } attribute) return attribute.F == 0;
        return view.FloatConstant(node.InputAt(1)) is { } least && TensorBytes.IsZero(view.Model.ContentOf(least))
            && (node.InputAt(2).Length == 0 || view.Constant(node.Input[2]) is not null);
    }
}
