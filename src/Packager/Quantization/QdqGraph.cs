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

    /// <summary>A pair of nodes: <paramref name="from"/> in bytes and back to float as <paramref name="to"/>.</summary>
    public IEnumerable<NodeProto> Pair(string from, string to, ByteRange range)
    {
        var scale = Constant(TensorValues.Of(_names.Fresh(to + "/scale"), [], [range.Scale]));
        var zero = range.IsSigned
            ? Constant(TensorValues.Of(_names.Fresh(to + "/zero"), [], new[] { (sbyte)range.Zero }.AsSpan()))
            : Constant(TensorValues.Of(_names.Fresh(to + "/zero"), [], new[] { (byte)range.Zero }.AsSpan()));
        var bytes = _names.Fresh(to + "/bytes");
        return [Node("QuantizeLinear", [from, scale, zero], bytes), Node("DequantizeLinear", [bytes, scale, zero], to)];
    }

    /// <summary>A constant in bytes or whole numbers that is float by a factor for each of the sizes of axis 0.</summary>
    public NodeProto Constant(TensorProto tensor, float[] scales, TensorProto? zeros)
    {
        var scale = Constant(TensorValues.Of(_names.Fresh(tensor.Name + "/scale"), [scales.Length], scales.AsSpan()));
        string[] inputs = zeros is null ? [Constant(tensor), scale] : [Constant(tensor), scale, Constant(zeros)];
        var node = Node("DequantizeLinear", inputs, _names.Fresh(tensor.Name + "/float"));
        node.Attribute.Add(GraphBuilder.Attribute("axis", 0));
        return node;
    }

    public string Fresh(string wish) => _names.Fresh(wish);

    /// <summary>Says that the model uses ONNX Runtime's ops, where it does.</summary>
    public void Finish()
    {
        if (_isOwn) model.Import(GraphBuilder.RuntimeDomain);
        model.Graph.ValueInfo.Clear(); // it may tell of values that are gone
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
