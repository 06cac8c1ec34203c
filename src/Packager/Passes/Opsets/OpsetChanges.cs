namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>
/// What became of the ops of the default domain between <see cref="RaiseOpset.Oldest"/> and <see cref="RaiseOpset.Wanted"/>. Source: ONNX,
/// docs/Changelog.md.
/// </summary>
internal static class OpsetChanges
{
    private static readonly Dictionary<string, OpsetChange[]> Changed = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = [new(9, StatisticsPerChannel.Convert)],
        ["Clip"] = [new(11, ClipLimits.ToInputs)],
        ["Dropout"] = [new(12, DropoutRatio.ToInput)],
        ["Hardmax"] = [new(13, SoftmaxAxis.Convert)],
        ["LogSoftmax"] = [new(13, SoftmaxAxis.Convert)],
        ["Pad"] = [new(11, PadSizes.ToInputs)],
        ["ReduceSum"] = [new(13, WholeNumbers.AxesToInput)],
        ["Resize"] = [new(11, ResizeCoordinates.Convert)],
        ["Scan"] = [new(9, ScanOfBatches.Refuse)],
        ["Scatter"] = [new(11, ScatterElements.Rename)],
        ["Slice"] = [new(10, WholeNumbers.SliceToInputs)],
        ["Softmax"] = [new(13, SoftmaxAxis.Convert)],
        ["Split"] = [new(13, WholeNumbers.SplitToInput)],
        ["Squeeze"] = [new(13, WholeNumbers.AxesToInput)],
        ["TopK"] = [new(10, WholeNumbers.CountToInput)],
        ["Unsqueeze"] = [new(13, WholeNumbers.AxesToInput)],
        ["Upsample"] = [new(9, UpsampleScales.ToInput), new(10, UpsampleScales.ToResize)],
    };

    /// <summary>
    /// Later versions take more types, negative axes or indices, or attributes whose default is what was before. OneHot and ConvTranspose are told
    /// otherwise of negative indices and of odd paddings; ONNX Runtime computes all their versions alike.
    /// </summary>
    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "Abs", "Acos", "Acosh", "Add", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan", "Atanh", "AveragePool", "BitShift", "Cast", "Ceil", "Celu",
        "Compress", "Concat", "ConcatFromSequence", "Constant", "ConstantOfShape", "Conv", "ConvInteger", "ConvTranspose", "Cos", "Cosh", "CumSum",
        "DepthToSpace", "DequantizeLinear", "Det", "Div", "DynamicQuantizeLinear", "Einsum", "Elu", "Equal", "Erf", "Exp", "Expand", "EyeLike", "Flatten",
        "Floor", "GRU", "Gather", "GatherElements", "GatherND", "Gemm", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "Greater", "GreaterOrEqual",
        "HardSigmoid", "Identity", "If", "InstanceNormalization", "IsInf", "IsNaN", "LRN", "LSTM", "LeakyRelu", "Less", "LessOrEqual", "Log", "Loop",
        "LpNormalization", "LpPool", "MatMul", "MatMulInteger", "Max", "MaxPool", "MaxRoiPool", "MaxUnpool", "Mean", "MeanVarianceNormalization", "Min",
        "Mod", "Mul", "Multinomial", "Neg", "NegativeLogLikelihoodLoss", "NonMaxSuppression", "NonZero", "Not", "OneHot", "Or", "PRelu", "Pow",
        "QLinearConv", "QLinearMatMul", "QuantizeLinear", "RNN", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range",
        "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare",
        "Relu", "Reshape", "ReverseSequence", "RoiAlign", "Round", "ScatterElements", "ScatterND", "Selu", "SequenceAt", "SequenceConstruct",
        "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceLength", "Shape", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Size",
        "SoftmaxCrossEntropyLoss", "Softplus", "Softsign", "SpaceToDepth", "SplitToSequence", "Sqrt", "StringNormalizer", "Sub", "Sum", "Tan", "Tanh",
        "TfIdfVectorizer", "ThresholdedRelu", "Tile", "Transpose", "Unique", "Where", "Xor",
    };

    /// <summary>The ops whose nodes are rewritten.</summary>
    public static IReadOnlyCollection<string> Rewritten => Changed.Keys;

    public static bool Knows(string op) => Unchanged.Contains(op) || Changed.ContainsKey(op);

    /// <summary>The first change after a version; null where there is none.</summary>
    public static OpsetChange? After(string op, long version)
    {
        foreach (var change in Changed.GetValueOrDefault(op, []))
            if (change.Version > version) return change;
        return null;
    }
}
