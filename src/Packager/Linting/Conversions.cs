using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>The QuantizeLinear and DequantizeLinear nodes of a graph, of the standard domain or of ONNX Runtime's own.</summary>
internal sealed class Conversions(GraphView view, ByteConstants constants)
{
    private const string Quantize = "QuantizeLinear", Dequantize = "DequantizeLinear";
    private static readonly string[] Domains = ["", "ai.onnx", GraphBuilder.RuntimeDomain];

    public static bool IsQuantize(NodeProto? node) => node?.OpType == Quantize && Domains.Contains(node.Domain);

    public static bool IsDequantize(NodeProto? node) => node?.OpType == Dequantize && Domains.Contains(node.Domain);

    public static bool IsConversion(NodeProto node) => IsQuantize(node) || IsDequantize(node);

    /// <summary>The node that a value is dequantized by; null where it is not.</summary>
    public NodeProto? Source(string value) => view.Producer(value) is { } node && IsDequantize(node) ? node : null;

    /// <summary>The constant behind a dequantized value: in bytes, or in float where the model quantizes it itself.</summary>
    public TensorProto? Constant(NodeProto dequantize) =>
        view.Constant(dequantize.Input[0]) ?? (view.Producer(dequantize.Input[0]) is { } quantize && IsQuantize(quantize) ? view.FloatConstant(quantize.Input[0]) : null);

    /// <summary>What a conversion says of its bytes.</summary>
    public ByteForm Form(NodeProto conversion)
    {
        var (scale, zero) = (conversion.InputAt(1), conversion.InputAt(2));
        var scales = constants.Floats(scale);
        var zeros = zero.Length == 0 ? scales is null ? null : new int[scales.Length] : constants.Numbers(zero);
        return new ByteForm(Bytes(conversion), TypeOf(conversion, zero), zeros is null ? null : scales, scales is null ? null : zeros, conversion.Long("axis", 1));
    }

    /// <summary>The form of a value that a node quantizes; null where it quantizes none, or a constant.</summary>
    public ByteForm? Activation(NodeProto node) =>
        IsQuantize(node) && view.Constant(node.Input[0]) is null || IsDequantize(node) && Constant(node) is null ? Form(node) : null;

    /// <summary>The one form in which all readers take a value in bytes; null where some read it as float.</summary>
    public ByteForm? Quantized(string value)
    {
        var readers = view.Consumers(value);
        return readers.Count > 0 && readers.All(IsQuantize) && !view.IsOutput(value) && !view.IsCaptured(value) ? Form(readers[0]) : null;
    }

    private static string Bytes(NodeProto conversion) => IsQuantize(conversion) ? conversion.Output[0] : conversion.Input[0];

    private DataType TypeOf(NodeProto conversion, string zero)
    {
        if (constants.Type(zero) is { } stated) return stated;
        if (IsQuantize(conversion)) return (DataType)conversion.Long("output_dtype", (long)DataType.Uint8);
        if (constants.Type(conversion.Input[0]) is { } stored) return stored;
        return view.Producer(conversion.Input[0]) is { } quantize && IsQuantize(quantize) ? TypeOf(quantize, quantize.InputAt(2)) : DataType.Uint8;
    }
}
