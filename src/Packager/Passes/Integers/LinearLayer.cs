using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Passes.Integers;

// MatMul(x, W)                  ==>  x W
// Gemm(x, W, b; transB, alpha)  ==>  x (alpha W or alpha W^T) + b
/// <summary>A MatMul or Gemm of a value with a constant matrix: what its weights can be stored smaller for.</summary>
internal sealed record LinearLayer
{
    private const string Transposed = "transB";

    public required NodeProto Node { get; init; }

    public required TensorProto Weights { get; init; }

    /// <summary>Rows of the matrix: inputs of the layer.</summary>
    public required int Depth { get; init; }

    /// <summary>Columns of the matrix: outputs of the layer.</summary>
    public required int Columns { get; init; }

    public string Input => Node.Input[0];

    /// <summary>Null where there is none.</summary>
    public string? Bias => Node.OpType == "Gemm" && Node.Input.Count > 2 && Node.Input[2].Length > 0 ? Node.Input[2] : null;

    public string Output => Node.Output[0];

    /// <summary>Equal where two layers have the same matrix, which can then be stored once.</summary>
    public (string Weights, bool IsTransposed, float Factor) Matrix => (Weights.Name, Node.Long(Transposed, 0) != 0, Node.OpType == "Gemm" ? Node.Float("alpha", 1) : 1);

    /// <summary>The layer of a node, or why there is none; neither where the node is no product of matrices, or is one of bytes already.</summary>
    public static (LinearLayer? Layer, string? Reason) Of(GraphView view, NodeProto node, int fewestWeights)
    {
        if (!node.Is("MatMul", "Gemm")) return default;
        if (view.Producer(node.Input[1])?.OpType == "DequantizeLinear") return default;
        if (view.Constant(node.Input[1]) is not { } weights) return (null, "its second input is no constant");
        if ((DataType)weights.DataType != DataType.Float) return (null, $"its weights are {(DataType)weights.DataType}");
        if (weights.Dims.Count != 2) return (null, $"its weights have {weights.Dims.Count} dimensions, not 2");
        if (weights.Dims[0] * weights.Dims[1] < fewestWeights) return (null, $"{weights.Dims[0] * weights.Dims[1]} weights are fewer than {fewestWeights}");
        if (node.Long("transA", 0) != 0) return (null, "it transposes its input");
        if (node.OpType == "Gemm" && node.Input.Count > 2 && node.Float("beta", 1) != 1) return (null, "it scales its bias");
        var turned = node.Long(Transposed, 0) != 0;
        return (new LinearLayer { Node = node, Weights = weights, Depth = (int)weights.Dims[turned ? 1 : 0], Columns = (int)weights.Dims[turned ? 0 : 1] }, null);
    }

    /// <summary>The weights column after column, [columns, depth], with Gemm's factor in them.</summary>
    /// <exception cref="PackagerException">They cannot be read.</exception>
    public float[] ColumnMajor(OnnxModel model)
    {
        var values = TensorValues.Floats(model, Weights);
        if (Node.Long(Transposed, 0) == 0) values = Transpose(values, Depth, Columns);
        var alpha = Node.OpType == "Gemm" ? Node.Float("alpha", 1) : 1;
        if (alpha != 1)
            for (var i = 0; i < values.Length; i++) values[i] *= alpha;
        return values;
    }

    private static float[] Transpose(float[] values, int rows, int columns)
    {
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) turned[(long)column * rows + row] = values[(long)row * columns + column];
        return turned;
    }
}
