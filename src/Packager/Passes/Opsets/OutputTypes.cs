using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>The type of a node's first output out of those of its inputs, for the ops at which values of subgraphs are looked at; ONNX Runtime tells types of the main graph only.</summary>
internal static class OutputTypes
{
    private static readonly HashSet<string> LikeTheFirstInput = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "AveragePool", "BatchNormalization", "Ceil", "Clip", "Concat", "Conv", "ConvTranspose", "CumSum", "Div", "Dropout", "Elu", "Erf",
        "Exp", "Expand", "Flatten", "Floor", "GRU", "Gather", "GatherElements", "GatherND", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid",
        "Hardmax", "Identity", "InstanceNormalization", "LSTM", "LeakyRelu", "Log", "LogSoftmax", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mul", "Neg",
        "PRelu", "Pad", "Pow", "RNN", "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "Relu", "Reshape", "Resize", "Selu", "Sigmoid",
        "Slice", "Softmax", "Softplus", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "Tile", "Transpose", "Unsqueeze", "Upsample",
    };

    /// <returns>0 where it is not known.</returns>
    public static ElementType First(NodeProto node, Func<string, ElementType> typeOf) => node.OpType switch
    {
        _ when node.Domain is not ("" or "ai.onnx") => 0,
        "Cast" => (ElementType)node.Long("to", 0),
        "ConstantOfShape" => node.Find("value")?.T is { } tensor ? (ElementType)tensor.DataType : ElementType.Float32,
        "Where" => typeOf(node.InputAt(1)),
        var op when LikeTheFirstInput.Contains(op) => typeOf(node.InputAt(0)),
        _ => 0,
    };
}
