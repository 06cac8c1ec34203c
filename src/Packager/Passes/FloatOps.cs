using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>What must stay float32, by op, and why.</summary>
internal static class FloatOps
{
    private const string Overflows = "sums or powers leave float16's range", Selects = "compares scores that float16 would make equal",
        Recurrent = "errors grow from step to step", Quantized = "scales are float32 by definition", Generates = "has no float input to follow";

    /// <summary>Ops that compute in float32 in a float16 model, and the reason.</summary>
    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["Pow"] = Overflows,
        ["Exp"] = Overflows,
        ["Log"] = Overflows,
        ["Reciprocal"] = Overflows,
        ["Softplus"] = Overflows,
        ["CumSum"] = Overflows,
        ["ReduceSum"] = Overflows,
        ["ReduceMean"] = Overflows,
        ["ReduceProd"] = Overflows,
        ["ReduceSumSquare"] = Overflows,
        ["ReduceL1"] = Overflows,
        ["ReduceL2"] = Overflows,
        ["ReduceLogSum"] = Overflows,
        ["ReduceLogSumExp"] = Overflows,
        ["MeanVarianceNormalization"] = Overflows,
        ["InstanceNormalization"] = Overflows,
        ["LpNormalization"] = Overflows,
        ["LpPool"] = Overflows,
        ["GlobalLpPool"] = Overflows,
        ["Det"] = Overflows,
        ["TopK"] = Selects,
        ["NonMaxSuppression"] = Selects,
        ["ArgMax"] = Selects,
        ["ArgMin"] = Selects,
        ["Unique"] = Selects,
        ["RoiAlign"] = Selects,
        ["MaxRoiPool"] = Selects,
        ["GridSample"] = Selects,
        ["OneHot"] = Selects,
        ["LSTM"] = Recurrent,
        ["GRU"] = Recurrent,
        ["RNN"] = Recurrent,
        ["QuantizeLinear"] = Quantized,
        ["DequantizeLinear"] = Quantized,
        ["DynamicQuantizeLinear"] = Quantized,
        ["RandomNormal"] = Generates,
        ["RandomNormalLike"] = Generates,
        ["RandomUniform"] = Generates,
        ["RandomUniformLike"] = Generates,
        ["Range"] = Generates,
        ["STFT"] = Overflows,
        ["DFT"] = Overflows,
    };

    /// <summary>Inputs that are float32 by definition, or read when a model is loaded, whatever the others are.</summary>
    private static readonly Dictionary<string, int[]> Inputs = new(StringComparer.Ordinal)
    {
        ["Resize"] = [1, 2],
        ["Upsample"] = [1],
        ["QuantizeLinear"] = [1],
        ["DequantizeLinear"] = [1],
        ["NonMaxSuppression"] = [3, 4],
    };

    public static bool KeepsInput(NodeProto node, int index) => IsStandard(node) && Inputs.TryGetValue(node.OpType, out var kept) && kept.Contains(index);

    /// <returns>Why the whole node stays float32; null where it need not.</returns>
    public static string? Refusal(NodeProto node)
    {
        if (!IsStandard(node)) return $"is of domain '{node.Domain}', whose rules are not known";
        if (node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0)) return "holds a subgraph";
        return Whole.GetValueOrDefault(node.OpType);
    }

    private static bool IsStandard(NodeProto node) => node.Domain is "" or "ai.onnx";
}
