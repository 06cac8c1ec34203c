using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Gate;

/// <summary>What ONNX Runtime made of a variant, as far as its quantization goes.</summary>
/// <param name="Operators">How many nodes there are of each op that computes with or converts to integers.</param>
/// <param name="Unfused">Conversions that were left standing, each with why as far as it can be told.</param>
internal sealed record AuditReport(SortedDictionary<string, int> Operators, IReadOnlyList<string> Unfused);

/// <summary>
/// Has ONNX Runtime write the graph that it would run, and looks for the Q/DQ pairs that did not become integer kernels: each of those computes
/// in float and converts on top.
/// </summary>
internal static class GraphAudit
{
    private const string Quantize = "QuantizeLinear", Dequantize = "DequantizeLinear";
    private static readonly string[] Kinds = [Quantize, Dequantize, "QLinear", "QGemm", "QAttention", "MatMulInteger", "ConvInteger", "DynamicQuantize", "MatMulNBits"];

    /// <param name="modelPath">The variant.</param>
    /// <param name="folder">For the written graph; need not exist.</param>
    public static AuditReport Of(string modelPath, string folder)
    {
        Directory.CreateDirectory(folder);
        var written = Path.Combine(folder, "optimised.onnx");
        PlainModel.WriteOptimised(modelPath, new ExecutionOptions { Threads = 1 }, written);
        return Of(ModelImporter.Load(written));
    }

    public static AuditReport Of(OnnxModel optimised)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in optimised.Graph.Node.Where(node => Kinds.Any(kind => node.OpType.StartsWith(kind, StringComparison.Ordinal)))) counts[node.OpType] = counts.GetValueOrDefault(node.OpType) + 1;
        var view = new GraphView(optimised);
        return new AuditReport(counts, [.. optimised.Graph.Node.Select(node => Finding(view, node)).OfType<string>()]);
    }

    /// <summary>A float node between conversions: its inputs come out of DequantizeLinear, and what it makes goes into QuantizeLinear or should.</summary>
    private static string? Finding(GraphView view, NodeProto node)
    {
        if (node.OpType is Quantize or Dequantize) return null;
        var inputs = node.Input.Where(input => input.Length > 0).ToList();
        var dequantized = inputs.Where(input => view.Producer(input)?.OpType == Dequantize).ToList();
        if (dequantized.Count == 0) return null;
        return $"{node.OpType} '{node.Name}': {Reason(view, node, inputs, dequantized)}";
    }

    private static string Reason(GraphView view, NodeProto node, List<string> inputs, List<string> dequantized)
    {
        var plain = inputs.FirstOrDefault(input => !dequantized.Contains(input) && view.Constant(input) is null);
        if (plain is not null) return $"its input '{plain}' is float while '{dequantized[0]}' is quantized";
        var readers = node.Output.SelectMany(view.Consumers).ToList();
        if (readers.FirstOrDefault(reader => reader.OpType != Quantize) is { } reader) return $"{reader.OpType} '{reader.Name}' reads its output as float";
        if (node.Output.Any(view.IsOutput)) return "its output is the graph's, in float";
        var shared = dequantized.FirstOrDefault(value => view.Consumers(value).Count > 1);
        return shared is not null ? $"'{shared}' is dequantized for {view.Consumers(shared).Count} readers at once" : "the CPU has no integer kernel of this form";
    }
}
