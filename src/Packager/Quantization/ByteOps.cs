using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>How an op is computed in bytes.</summary>
internal enum ByteForm
{
    /// <summary>Input and constant weights in bytes, sums in 32 bits, the output in a range of its own.</summary>
    Weighted,

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
    private static readonly Dictionary<string, ByteForm> Forms = new(StringComparer.Ordinal)
    {
        ["Conv"] = ByteForm.Weighted,
        ["Add"] = ByteForm.Pointwise,
        ["Mul"] = ByteForm.Pointwise,
        ["AveragePool"] = ByteForm.Unary,
        ["GlobalAveragePool"] = ByteForm.Unary,
        ["LeakyRelu"] = ByteForm.Unary,
        ["Sigmoid"] = ByteForm.Bounded,
        ["MaxPool"] = ByteForm.Carrier,
        ["Reshape"] = ByteForm.Carrier,
        ["Flatten"] = ByteForm.Carrier,
        ["Squeeze"] = ByteForm.Carrier,
        ["Unsqueeze"] = ByteForm.Carrier,
        ["Transpose"] = ByteForm.Carrier,
        ["Resize"] = ByteForm.Carrier,
        ["Concat"] = ByteForm.Join,
    };

    /// <summary>Null where there is no kernel.</summary>
    public static ByteForm? FormOf(NodeProto node) =>
        node.Is(node.OpType) && Forms.TryGetValue(node.OpType, out var form) && (node.OpType != "Resize" || IsCopying(node)) ? form : null;

    /// <summary>A Resize that mixes its neighbours is computed in float.</summary>
    private static bool IsCopying(NodeProto resize) => resize.Find("mode") is not { } mode || mode.S.ToStringUtf8() == "nearest";
}
