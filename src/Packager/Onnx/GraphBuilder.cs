using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Onnx;

/// <summary>Writes a small graph node by node; values are named in the order of their making, so that the same calls give the same bytes.</summary>
internal sealed class GraphBuilder(string name)
{
    public const string ExtensionsDomain = "com.microsoft.extensions", RuntimeDomain = "com.microsoft";
    private const long IrVersion = 8, OpsetVersion = 17;
    private readonly GraphProto _graph = new() { Name = name };
    private int _serial;

    public string Input(string input, DataType type, params long[] shape)
    {
        _graph.Input.Add(Value(input, type, shape));
        return input;
    }

    public void Output(string output, DataType type, params long[] shape) => _graph.Output.Add(Value(output, type, shape));

    public string Longs(params long[] values)
    {
        var tensor = new TensorProto { Name = Fresh("i"), DataType = (int)DataType.Int64, Dims = { values.Length } };
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Floats(long[] shape, params float[] values)
    {
        var tensor = new TensorProto { Name = Fresh("f"), DataType = (int)DataType.Float };
        tensor.Dims.AddRange(shape);
        tensor.FloatData.AddRange(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node of one output; the output's name, which is <paramref name="output"/> where given.</summary>
    public string Node(string op, string[] inputs, string? output = null, params AttributeProto[] attributes)
    {
        output ??= Fresh(op.ToLowerInvariant());
        _graph.Node.Add(new NodeProto { OpType = op, Name = output + "/" + op, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    /// <summary>Adds a node of ONNX Runtime Extensions.</summary>
    public string ExtensionNode(string op, params string[] inputs)
    {
        var output = Node(op, inputs);
        _graph.Node[^1].Domain = ExtensionsDomain;
        return output;
    }

    public byte[] Build() => new ModelProto
    {
        IrVersion = IrVersion,
        ProducerName = "edge-packager",
        Graph = _graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OpsetVersion }, new OperatorSetIdProto { Domain = ExtensionsDomain, Version = 1 } },
    }.ToByteArray();

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, string value) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, params long[] values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    private static ValueInfoProto Value(string name, DataType type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        for (var axis = 0; axis < shape.Length; axis++)
            dimensions.Dim.Add(shape[axis] < 0 ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{axis}" } : new TensorShapeProto.Types.Dimension { DimValue = shape[axis] });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } } };
    }

    private string Fresh(string stem) => $"{stem}_{_serial++}";
}
