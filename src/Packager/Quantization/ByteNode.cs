using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>A node that is computed in bytes, and the activation behind it that its output's range stands for.</summary>
/// <param name="Node">Of one output that matters.</param>
/// <param name="Form">How.</param>
/// <param name="Activation">A Relu or Clip that is dropped: bytes end where their range ends. Null where none is.</param>
internal sealed record ByteNode(NodeProto Node, KernelForm Form, NodeProto? Activation)
{
    /// <summary>What is quantized behind it.</summary>
    public string Output => (Activation ?? Node).Output[0];

    /// <summary>Whether it has weights of its own: what is worth bytes by itself.</summary>
    public bool IsLayer => Form is KernelForm.Weighted or KernelForm.Product;

    /// <summary>Inputs that bytes flow through; a constant is among them where the op has one on either side.</summary>
    public IEnumerable<string> Operands => Form is KernelForm.Pointwise or KernelForm.Join ? Node.Input : Node.Input.Take(1);

    /// <summary>The activation that alone reads a value and can be dropped, since the value's bytes will not reach beyond its limits.</summary>
    public static NodeProto? Absorbed(GraphView view, string value)
    {
        if (view.OnlyReader(value) is not { } next || view.IsOutput(next.Output[0]) || view.IsCaptured(next.Output[0])) return null;
        return next.Is("Relu") || IsClipAroundZero(view, next) ? next : null;
    }

    /// <summary>A range always holds 0, and so stands for no Clip that leaves it out.</summary>
    private static bool IsClipAroundZero(GraphView view, NodeProto node) =>
        node.Is("Clip") && view.Limit(node, 1, "min", float.NegativeInfinity) <= 0 && view.Limit(node, 2, "max", float.PositiveInfinity) >= 0;
}
