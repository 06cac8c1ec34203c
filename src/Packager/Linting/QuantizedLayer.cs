using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>A node that computes in bytes, whichever way the model writes it.</summary>
internal sealed record QuantizedLayer
{
    private static readonly string[] Weighted = ["Conv", "ConvTranspose", "MatMul", "Gemm"];

    public required NodeProto Node { get; init; }

    /// <summary>The float op that it stands for.</summary>
    public required string Op { get; init; }

    /// <summary>Whether it is an op of whole numbers itself, and not a float one between conversions.</summary>
    public required bool IsOperator { get; init; }

    /// <summary>Values, without weights and biases.</summary>
    public required IReadOnlyList<ByteForm> Inputs { get; init; }

    public ByteWeights? Weights { get; init; }

    public ByteBias? Bias { get; init; }

    /// <summary>Null where the result is float.</summary>
    public ByteForm? Output { get; init; }

    public string Label => QuantizedGraph.Label(Node);

    public long Groups => Node.Long("group", 1);

    public static bool IsWeighted(string op) => Weighted.Contains(op);
}

/// <summary>Constant weights of a layer.</summary>
/// <param name="Form">As they are stored.</param>
/// <param name="Tensor">The constant: in bytes, or still in float where the model quantizes it itself.</param>
internal sealed record ByteWeights(ByteForm Form, TensorProto Tensor)
{
    public bool HasBytes => (DataType)Tensor.DataType is DataType.Int8 or DataType.Uint8;
}

/// <summary>A layer's bias.</summary>
/// <param name="Name">Of the value.</param>
/// <param name="Type">Float, or Int32.</param>
/// <param name="Form">Its scales, where the model states them.</param>
internal sealed record ByteBias(string Name, DataType Type, ByteForm? Form);
