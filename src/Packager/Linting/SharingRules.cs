using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Where two values meet.</summary>
internal static class SharingRules
{
    /// <summary>Bytes of one scale are put beside each other without being computed anew.</summary>
    public static IEnumerable<Breach> Concat(QuantizedGraph graph, Int8Rules rules)
    {
        if (!rules.SharedConcatScales) yield break;
        foreach (var layer in graph.Layers.Where(layer => layer.Op == "Concat"))
        {
            var forms = layer.Output is { } output ? [.. layer.Inputs, output] : layer.Inputs;
            if (forms.FirstOrDefault(form => !form.IsSameAs(forms[0])) is { } other) yield return new Breach(layer.Label, $"'{forms[0].Name}' of {forms[0].Shown} beside '{other.Name}' of {other.Shown}", "one scale and zero point");
        }
    }

    /// <summary>TensorRT adds the shortcut in the convolution's own kernel where only the shortcut is in bytes.</summary>
    public static IEnumerable<Breach> Residual(QuantizedGraph graph, Int8Rules rules) => rules.QuantizeIdentityBranchOnly
        ? graph.View.Nodes.Where(node => node.OpType == "Add" && node.Input.Count == 2 && node.Input.All(input => Branch(graph, input) is not null) && node.Input.Any(input => IsComputed(graph, Branch(graph, input)!)))
            .Select(node => new Breach(QuantizedGraph.Label(node), "both branches are in bytes", "only the one that is no convolution's"))
        : [];

    /// <summary>What is quantized and dequantized again on its way into the sum.</summary>
    private static string? Branch(QuantizedGraph graph, string input) =>
        graph.Conversions.Source(input) is { } source && graph.View.Producer(source.Input[0]) is { } quantize && Conversions.IsQuantize(quantize) ? quantize.Input[0] : null;

    private static bool IsComputed(QuantizedGraph graph, string value) =>
        graph.View.Producer(value) is { OpType: "Conv" or "ConvTranspose" or "Gemm" or "MatMul" } && graph.View.Consumers(value).Count == 1;
}
