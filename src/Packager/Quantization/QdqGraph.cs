using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization;

// y = Op(x)  ==>  y' = Op(x);  y = Dequantize(Quantize(y'))
/// <summary>Puts QuantizeLinear and DequantizeLinear into a graph. Before opset 13 they have no axis; ONNX Runtime's own ops of the same name have, and are taken there.</summary>
internal sealed class QdqGraph(OnnxModel model)
{
    private const long FirstWithAxis = 13;

    private readonly NameSource _names = new(model);
    private readonly bool _isOwn = model.Opset < FirstWithAxis;

    /// <summary>The node that makes bytes of a value, and their name.</summary>
    /// <param name="from">The value.</param>
    /// <param name="wish">What the names are made of.</param>
    /// <param name="range">Of the bytes.</param>
    public (NodeProto Node, string Bytes) Quantize(string from, string wish, ByteRange range)
    {
        var bytes = _names.Fresh(wish + "/bytes");
        return (Node("QuantizeLinear", [from, .. Parameters(wish, range)], bytes), bytes);
    }

    /// <summary>The node that makes the value <paramref name="to"/> of bytes.</summary>
    public NodeProto Dequantize(string bytes, string to, ByteRange range) => Node("DequantizeLinear", [bytes, .. Parameters(to, range)], to);

    /// <summary>Constant numbers in bytes.</summary>
    public NodeProto Constant(TensorProto tensor, float[] values, ByteRange range)
    {
        var name = _names.Fresh(tensor.Name + "/int8");
        var bytes = range.IsSigned
            ? TensorValues.Of(name, tensor.Dims, values.Select(value => (sbyte)range.Round(value)).ToArray().AsSpan())
            : TensorValues.Of(name, tensor.Dims, values.Select(value => (byte)range.Round(value)).ToArray().AsSpan());
        return Dequantize(Constant(bytes), _names.Fresh(tensor.Name + "/float"), range);
    }

    /// <summary>A constant in bytes or whole numbers that is float by a factor for each of the sizes of an axis.</summary>
    public NodeProto Constant(TensorProto tensor, float[] scales, TensorProto? zeros, int axis = 0)
    {
        var scale = Constant(TensorValues.Of(_names.Fresh(tensor.Name + "/scale"), [scales.Length], scales.AsSpan()));
        string[] inputs = zeros is null ? [Constant(tensor), scale] : [Constant(tensor), scale, Constant(zeros)];
        var node = Node("DequantizeLinear", inputs, _names.Fresh(tensor.Name + "/float"));
        node.Attribute.Add(GraphBuilder.Attribute("axis", axis));
        return node;
    }

    public string Fresh(string wish) => _names.Fresh(wish);

    /// <summary>Says that the model uses ONNX Runtime's ops, where it does.</summary>
    public void Finish()
    {
        if (_isOwn) model.Import(GraphBuilder.RuntimeDomain);
        model.Graph.ValueInfo.Clear(); // it may tell of values that are gone
    }

    private string[] Parameters(string of, ByteRange range)
    {
        var scale = Constant(TensorValues.Of(_names.Fresh(of + "/scale"), [], [range.Scale]));
        var zero = range.IsSigned
            ? TensorValues.Of(_names.Fresh(of + "/zero"), [], new[] { (sbyte)range.Zero }.AsSpan())
            : TensorValues.Of(_names.Fresh(of + "/zero"), [], new[] { (byte)range.Zero }.AsSpan());
        return [scale, Constant(zero)];
    }

    private string Constant(TensorProto tensor)
    {
        model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private NodeProto Node(string op, string[] inputs, string output)
    {
        var node = NodeFacts.Make(op, inputs, output);
        node.Name = _names.Fresh(node.Name);
        if (_isOwn) node.Domain = GraphBuilder.RuntimeDomain;
        return node;
    }
}
