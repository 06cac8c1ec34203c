using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Layers that are ops of whole numbers themselves: QLinearConv, MatMulInteger and their like.</summary>
internal sealed class OperatorLayers(GraphView view, ByteConstants constants)
{
    public QuantizedLayer? Of(NodeProto node)
    {
        if (!OperatorForm.All.TryGetValue(node.OpType, out var places)) return null;
        var inputs = places.Inputs.Concat(Repeated(node, places.Repeats)).Select(place => Form(node, place)).ToList();
        var weights = places.Second is { } second && view.Constant(node.InputAt(second.Value)) is { } tensor ? new ByteWeights(Form(node, second), tensor) : null;
        if (places.Second is { } factor && weights is null) inputs.Add(Form(node, factor));
        return new QuantizedLayer { Node = node, Op = places.Op, IsOperator = true, Inputs = inputs, Weights = weights, Bias = Bias(At(node, places.Bias)), Output = Output(node, places) };
    }

    private static IEnumerable<(int Value, int Scale, int Zero)> Repeated(NodeProto node, int from)
    {
        for (var at = from; from >= 0 && at + 2 < node.Input.Count; at += 3) yield return (at, at + 1, at + 2);
    }

    private ByteBias? Bias(string name) => name.Length == 0 ? null : new ByteBias(name, constants.Type(name) ?? DataType.Int32, null);

    private ByteForm? Output(NodeProto node, OperatorForm places) =>
        places.Output is { } at && node.InputAt(at.Scale).Length > 0 ? Form(node, node.Output[0], null, at.Scale, at.Zero) : null;

    private ByteForm Form(NodeProto node, (int Value, int Scale, int Zero) place) =>
        Form(node, At(node, place.Value), constants.Type(At(node, place.Value)), place.Scale, place.Zero);

    /// <summary>A zero point that is not given is 0, of unsigned bytes.</summary>
    private ByteForm Form(NodeProto node, string value, DataType? stored, int scaleAt, int zeroAt)
    {
        var (scale, zero) = (At(node, scaleAt), At(node, zeroAt));
        var isConstant = stored is not null;
        var scales = scale.Length > 0 ? constants.Floats(scale) : isConstant ? [1] : null; // an op without scales has them behind it
        var zeros = zero.Length > 0 ? constants.Numbers(zero) : scales is null ? null : new int[1];
        var type = stored ?? constants.Type(zero) ?? DataType.Uint8;
        if (scales is null || zeros is null) return new ByteForm(value, type, null, null);
        return new ByteForm(value, type, scales.Length >= zeros.Length ? scales : [.. Enumerable.Repeat(scales[0], zeros.Length)], zeros.Length >= scales.Length ? zeros : [.. Enumerable.Repeat(zeros[0], scales.Length)], -1);
    }

    private static string At(NodeProto node, int place) => place < 0 ? "" : node.InputAt(place);
}
