using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>How an op is computed in bytes.</summary>
internal enum KernelForm
{
    /// <summary>Input and constant weights in bytes, sums in 32 bits, the output in a range of its own.</summary>
    Weighted,

    /// <summary>With a constant matrix in bytes, sums in 32 bits; the output in a range of its own where layers alone read it, else in float, which costs nothing.</summary>
    Product,

    /// <summary>Of bytes, or of bytes and a constant, element by element; the output in a range of its own.</summary>
    Pointwise,

    /// <summary>Of bytes; the output in a range of its own.</summary>
    Unary,

    /// <summary>Of bytes to a range that the op has by itself.</summary>
    Bounded,

    /// <summary>Moves bytes and leaves them what they are: the output has the input's range.</summary>
    Carrier,

    /// <summary>Of several values in bytes to one; each may have another range.</summary>
    Join,
}

/// <summary>The ops of ONNX that ONNX Runtime's CPU computes in bytes when quantized before and after.</summary>
internal static class ByteOps
{
    private static readonly Dictionary<string, KernelForm> Forms = new(StringComparer.Ordinal)
    {
        ["Conv"] = KernelForm.Weighted,
        ["MatMul"] = KernelForm.Product,
        ["Gemm"] = KernelForm.Product,
        ["Add"] = KernelForm.Pointwise,
        ["Mul"] = KernelForm.Pointwise,
        ["AveragePool"] = KernelForm.Unary,
        ["GlobalAveragePool"] = KernelForm.Unary,
        ["LeakyRelu"] = KernelForm.Unary,
        ["Sigmoid"] = KernelForm.Bounded,
        ["MaxPool"] = KernelForm.Carrier,
        ["Reshape"] = KernelForm.Carrier,
        ["Flatten"] = KernelForm.Carrier,
        ["Squeeze"] = KernelForm.Carrier,
        ["Unsqueeze"] = KernelForm.Carrier,
        ["Transpose"] = KernelForm.Carrier,
        ["Resize"] = KernelForm.Carrier,
        ["Concat"] = KernelForm.Join,
    };

    /// <summary>Null where there is no kernel.</summary>
    public static KernelForm? FormOf(NodeProto node) =>
        node.Is(node.OpType) && Forms.TryGetValue(node.OpType, out var form) && (node.OpType != "Resize" || IsCopying(node)) ? form : null;

    /// <summary>A Resize that mixes its neighbours is computed in float.</summary>
    private static bool IsCopying(NodeProto resize) => resize.Find("mode") is not { } mode || mode.S.ToStringUtf8() == "nearest";
}
