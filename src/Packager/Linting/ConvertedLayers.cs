using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

// Q(Op(DQ(x), DQ(w), DQ(b)))
/// <summary>Layers that are float ops between conversions.</summary>
internal sealed class ConvertedLayers(GraphView view, Conversions conversions)
{
    /// <returns>Null where the node has nothing of it, or only a part.</returns>
    public QuantizedLayer? Of(NodeProto node)
    {
        if (Conversions.IsConversion(node) || node.Domain is not ("" or "ai.onnx")) return null;
        var layer = QuantizedLayer.IsWeighted(node.OpType) ? Weighted(node) : Plain(node);
        return layer is null ? null : layer with { Output = conversions.Quantized(node.Output[0]) };
    }

    private QuantizedLayer? Weighted(NodeProto node)
    {
        if (conversions.Source(node.InputAt(0)) is not { } first || conversions.Source(node.InputAt(1)) is not { } second) return null;
        var constant = conversions.Constant(second);
        if (constant is null && node.OpType != "MatMul") return null;
        return new QuantizedLayer
        {
            Node = node,
            Op = node.OpType,
            IsOperator = false,
            Inputs = constant is null ? [conversions.Form(first), conversions.Form(second)] : [conversions.Form(first)],
            Weights = constant is null ? null : new ByteWeights(conversions.Form(second), constant),
            Bias = Bias(node.InputAt(2)),
        };
    }

    private ByteBias? Bias(string name)
    {
        if (name.Length == 0) return null;
        if (conversions.Source(name) is not { } source) return new ByteBias(name, DataType.Float, null);
        var form = conversions.Form(source);
        return new ByteBias(name, conversions.Constant(source) is { DataType: (int)DataType.Int32 } ? DataType.Int32 : form.Type, form);
    }

    /// <summary>An op without weights is in bytes where all it reads and all it makes is.</summary>
    private QuantizedLayer? Plain(NodeProto node)
    {
        var values = node.Input.Where(input => input.Length > 0 && view.Constant(input) is not { DataType: not (int)DataType.Float }).ToList();
        if (values.Count == 0 || node.Output.Count != 1 || !values.All(value => conversions.Source(value) is not null) || conversions.Quantized(node.Output[0]) is null) return null;
        return new QuantizedLayer { Node = node, Op = node.OpType, IsOperator = false, Inputs = [.. values.Select(value => conversions.Form(conversions.Source(value)!))] };
    }
}
