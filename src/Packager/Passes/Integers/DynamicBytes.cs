using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Passes.Integers;

// y = x W + b  ==>  (q, s, z) = DynamicQuantizeLinear(x);  y = Cast(MatMulInteger(q, Wq, z)) * (s * Ws) + b
/// <summary>
/// Products with constant matrices in 8 bits, each input quantized anew at every run: ONNX Runtime fuses the form to DynamicQuantizeMatMul or,
/// where products share an input, MatMulIntegerToFloat. Convolutions stay float: computed so they take five to ten times as long.
/// </summary>
/// <param name="pairsMustFit">As for <see cref="ByteColumns.Of"/>.</param>
/// <param name="isOptional">Whether a model with nothing to change, or whose opset has no such op, is left as it is, and not refused.</param>
internal sealed class DynamicBytes(bool pairsMustFit, bool isOptional = false) : IQuantizingPass
{
    public const long OldestOpset = 11;

    /// <summary>Below it, quantizing the input costs more than the product saves.</summary>
    public const int FewestWeights = 4096;

    private const int Bits = 8;

    public string Name => "dynamic-bytes";

    public QuantizationReport? Quantization { get; private set; }

    public static DynamicBytes For(Target target, bool isOptional = false) => new(target.Int8.WeightLimit < ByteColumns.Full, isOptional);

    public string? Apply(OnnxModel model)
    {
        if (model.Opset < OldestOpset && isOptional) return $"nothing done: opset {model.Opset} has no DynamicQuantizeLinear, {OldestOpset} is needed";
        if (model.Opset < OldestOpset) throw new PackagerException($"opset {model.Opset} has no DynamicQuantizeLinear, {OldestOpset} is needed");
        var layers = LayerReplacement.Find(model, FewestWeights);
        Quantization = layers.Quantization(Bits);
        if (isOptional && layers.Found.Count == 0) return null;
        var inputs = new Dictionary<string, (string Value, string Scale, string Zero)>(StringComparer.Ordinal);
        var matrices = new Dictionary<(string, bool, float), StoredColumns>();
        var narrow = new List<int>();
        var replacement = new LayerReplacement(model);
        foreach (var layer in layers.Found)
        {
            if (!matrices.TryGetValue(layer.Matrix, out var weights)) matrices[layer.Matrix] = weights = Store(model, layer, replacement);
            narrow.Add(weights.Narrow);
            var nodes = new List<NodeProto>();
            if (!inputs.TryGetValue(layer.Input, out var input)) inputs[layer.Input] = input = Quantize(layer.Input, nodes, replacement);
            Multiply(layer, weights, input, nodes, replacement);
            replacement.Replace(layer, nodes);
        }
        replacement.Finish();
        Quantization = layers.Quantization(Bits, narrow);
        return layers.Report("computed in 8 bits", narrow.Sum() is var columns && columns == 0 ? "" : $", {columns} columns of them in 7");
    }

    private static (string Value, string Scale, string Zero) Quantize(string input, List<NodeProto> nodes, LayerReplacement names)
    {
        var made = (Value: names.Fresh(input + "/quantized"), Scale: names.Fresh(input + "/scale"), Zero: names.Fresh(input + "/zero"));
        nodes.Add(new NodeProto { OpType = "DynamicQuantizeLinear", Name = names.Fresh(input + "/DynamicQuantizeLinear"), Input = { input }, Output = { made.Value, made.Scale, made.Zero } });
        return made;
    }

    private StoredColumns Store(OnnxModel model, LinearLayer layer, LayerReplacement names)
    {
        var weights = ByteColumns.Of(layer.ColumnMajor(model), layer.Depth, pairsMustFit);
        var bytes = names.Constant(TensorValues.Of(names.Fresh(layer.Weights.Name + "/int8"), [layer.Depth, layer.Columns], weights.Values));
        var zeros = names.Constant(TensorValues.Of(names.Fresh(layer.Weights.Name + "/zero"), [layer.Columns], new sbyte[layer.Columns]));
        var scales = names.Constant(TensorValues.Of(names.Fresh(layer.Weights.Name + "/scale"), [layer.Columns], weights.Scales));
        return new StoredColumns(bytes, zeros, scales, weights.Narrow);
    }

    private static void Multiply(LinearLayer layer, StoredColumns weights, (string Value, string Scale, string Zero) input, List<NodeProto> nodes, LayerReplacement names)
    {
        var sums = Add("MatMulInteger", [input.Value, weights.Bytes, input.Zero, weights.Zeros]);
        nodes[^1].Name = names.Fresh(layer.Node.Name + "/MatMulInteger");
        var numbers = Add("Cast", [sums]);
        nodes[^1].Attribute.Add(GraphBuilder.Attribute("to", (long)DataType.Float));
        var factor = Add("Mul", [input.Scale, weights.Scales]);
        var product = Add("Mul", [numbers, factor]);
        if (layer.Bias is { } bias) Add("Add", [product, bias]);
        nodes[^1].Output[0] = layer.Output;

        string Add(string op, string[] inputs)
        {
            var output = names.Fresh($"{layer.Output}/{op}");
            nodes.Add(new NodeProto { OpType = op, Name = output, Input = { inputs }, Output = { output } });
            return output;
        }
    }

    /// <summary>A matrix in the model, by the names of its parts.</summary>
    private sealed record StoredColumns(string Bytes, string Zeros, string Scales, int Narrow);
}
