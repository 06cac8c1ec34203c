using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>How conversions and ops of whole numbers are written down.</summary>
internal static class FormRules
{
    private const long First = 10, FirstWithAxis = 13;

    /// <summary>The standard's conversions came with opset 10, their axis with 13; ONNX Runtime's own have no such limit.</summary>
    public static IEnumerable<Breach> Opset(QuantizedGraph graph, Int8Rules rules)
    {
        foreach (var node in graph.View.Nodes.Where(node => Conversions.IsConversion(node) && node.Domain is "" or "ai.onnx"))
        {
            var needed = graph.Conversions.Form(node).IsPerChannel || node.Find("axis") is not null ? FirstWithAxis : First;
            if (graph.Model.Opset < needed)
                yield return new Breach(QuantizedGraph.Label(node), $"opset {graph.Model.Opset}", $"opset {needed}{(needed == FirstWithAxis ? " for channels" : "")}, or domain {GraphBuilder.RuntimeDomain}");
        }
    }

    public static IEnumerable<Breach> Domain(QuantizedGraph graph, Int8Rules rules)
    {
        var imported = graph.Model.Proto.OpsetImport.Select(import => import.Domain is "ai.onnx" ? "" : import.Domain).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.View.Nodes.Where(node => Conversions.IsConversion(node) || OperatorForm.All.ContainsKey(node.OpType)))
            if (!imported.Contains(node.Domain is "ai.onnx" ? "" : node.Domain)) yield return new Breach(QuantizedGraph.Label(node), $"domain {node.Domain}", "a domain that the model imports");
    }

    /// <summary>TensorRT reads float ops between the standard's conversions, and nothing else.</summary>
    public static IEnumerable<Breach> OnlyConversions(QuantizedGraph graph, Int8Rules rules)
    {
        if (!rules.ConversionsOnly) yield break;
        foreach (var node in graph.View.Nodes)
        {
            if (OperatorForm.All.ContainsKey(node.OpType) || node.OpType == "DynamicQuantizeLinear") yield return new Breach(QuantizedGraph.Label(node), "an op of whole numbers", "float ops between QuantizeLinear and DequantizeLinear");
            else if (Conversions.IsConversion(node) && node.Domain == GraphBuilder.RuntimeDomain) yield return new Breach(QuantizedGraph.Label(node), $"domain {node.Domain}", "the standard's conversions, of opset 13 or later");
        }
    }
}
