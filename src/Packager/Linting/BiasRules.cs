using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Biases: in 32 bits at the scale of the sums, or float.</summary>
internal static class BiasRules
{
    private const string Float = "float";

    // Of a scale: float32 rounds the product of two once.
    private const double Rounding = 1e-6;

    public static IEnumerable<Breach> Form(QuantizedGraph graph, Int8Rules rules) => graph.Layers
        .Where(layer => layer.Bias is { } bias && bias.Type != (rules.Bias == Float ? DataType.Float : DataType.Int32))
        .Select(layer => new Breach(layer.Label, $"a bias of {TypeNames.Of(layer.Bias!.Type)}", rules.Bias == Float ? "FLOAT" : "INT32"));

    public static IEnumerable<Breach> Scale(QuantizedGraph graph, Int8Rules rules)
    {
        foreach (var layer in graph.Layers)
        {
            if (layer is not { Bias.Form: { Type: DataType.Int32, Scales: { } scales, Zeros: { } zeros }, Weights.Form.Scales: { } weights, Inputs: [{ Scales: [var input] }, ..] }) continue;
            if (zeros.Any(zero => zero != 0)) yield return new Breach(layer.Label, $"a bias of zero point {zeros.First(zero => zero != 0)}", "zero point 0");
            var wrong = Enumerable.Range(0, Math.Max(scales.Length, weights.Length)).FirstOrDefault(channel => !IsProduct(At(scales, channel), input, At(weights, channel)), -1);
            if (wrong >= 0) yield return new Breach(layer.Label, $"a bias of scale {At(scales, wrong):g6} in channel {wrong}", $"{(double)input * At(weights, wrong):g6}, input times weight");
        }
    }

    /// <summary>
    /// ONNX Runtime makes one float Gemm of a MatMul and the sum behind it, of two dimensions or where all sizes are known, before it looks for bytes: conversions
    /// around it then stay. TensorRT has float biases and does not.
    /// </summary>
    public static IEnumerable<Breach> Behind(QuantizedGraph graph, Int8Rules rules)
    {
        if (rules.Bias == Float) yield break;
        foreach (var layer in graph.Layers.Where(layer => layer is { Op: "MatMul", IsOperator: false, Weights.Tensor.Dims.Count: 2 }))
        {
            if (graph.View.OnlyReader(layer.Node.Output[0]) is not { } sum || !sum.Is("Add") || !sum.Input.Any(input => graph.View.FloatConstant(input) is not null)) continue;
            var input = graph.Fact(layer.Node.Input[0]);
            if (input.Shape?.Count == 2 || input.IsStatic) yield return new Breach(layer.Label, $"a bias in {QuantizedGraph.Label(sum)} behind it", "a Gemm with its bias in 32 bits, so that both are one kernel");
        }
    }

    private static bool IsProduct(double scale, double input, double weight) => Math.Abs(scale - input * weight) <= Rounding * Math.Abs(input * weight);

    private static float At(float[] scales, int channel) => scales[Math.Min(channel, scales.Length - 1)];
}
