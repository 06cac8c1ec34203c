namespace EdgeRuntime.Packaging.Linting;

/// <summary>Where an op of whole numbers has what, as places among its inputs; -1 for what it has not.</summary>
/// <param name="Op">The float op that it stands for.</param>
internal sealed record OperatorForm(string Op)
{
    /// <summary>Value, scale, zero point of each input that is no weight.</summary>
    public IReadOnlyList<(int Value, int Scale, int Zero)> Inputs { get; init; } = [(0, 1, 2)];

    /// <summary>Of the second factor, which is the weights where it is constant.</summary>
    public (int Value, int Scale, int Zero)? Second { get; init; }

    public int Bias { get; init; } = -1;

    /// <summary>Scale and zero point of the result.</summary>
    public (int Scale, int Zero)? Output { get; init; }

    /// <summary>From here on each three are a value, its scale and its zero point.</summary>
    public int Repeats { get; init; } = -1;

    /// <summary>By the op's name; sources: ONNX's operators and ONNX Runtime's ContribOperators.md.</summary>
    public static IReadOnlyDictionary<string, OperatorForm> All { get; } = new Dictionary<string, OperatorForm>(StringComparer.Ordinal)
    {
        ["QLinearConv"] = new("Conv") { Second = (3, 4, 5), Output = (6, 7), Bias = 8 },
        ["ConvInteger"] = new("Conv") { Inputs = [(0, -1, 2)], Second = (1, -1, 3) },
        ["QLinearMatMul"] = new("MatMul") { Second = (3, 4, 5), Output = (6, 7) },
        ["MatMulInteger"] = new("MatMul") { Inputs = [(0, -1, 2)], Second = (1, -1, 3) },
        ["MatMulIntegerToFloat"] = new("MatMul") { Inputs = [(0, 2, 4)], Second = (1, 3, 5) },
        ["DynamicQuantizeMatMul"] = new("MatMul") { Inputs = [], Second = (1, 2, 3) },
        ["QGemm"] = new("Gemm") { Second = (3, 4, 5), Bias = 6, Output = (7, 8) },
        ["QLinearAdd"] = new("Add") { Inputs = [(0, 1, 2), (3, 4, 5)], Output = (6, 7) },
        ["QLinearMul"] = new("Mul") { Inputs = [(0, 1, 2), (3, 4, 5)], Output = (6, 7) },
        ["QLinearConcat"] = new("Concat") { Inputs = [], Repeats = 2, Output = (0, 1) },
        ["QLinearAveragePool"] = new("AveragePool") { Output = (3, 4) },
        ["QLinearGlobalAveragePool"] = new("GlobalAveragePool") { Output = (3, 4) },
        ["QLinearSigmoid"] = new("Sigmoid") { Output = (3, 4) },
        ["QLinearLeakyRelu"] = new("LeakyRelu") { Output = (3, 4) },
        ["QLinearSoftmax"] = new("Softmax") { Output = (3, 4) },
    };
}
