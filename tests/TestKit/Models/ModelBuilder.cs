using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

/// <summary>
/// Writes an ONNX graph in code. Weights go inline, or into <paramref name="external"/> where there is one. A dimension
/// that is negative is dynamic and named after the value and its axis.
/// </summary>
internal sealed class ModelBuilder(string name, ulong seed, WeightStream? external = null)
{
    /// <summary>The domain of ONNX Runtime Extensions.</summary>
    public const string ExtensionsDomain = "com.microsoft.extensions";

    private const int OpsetVersion = 17;
    private readonly GraphProto _graph = new() { Name = name };
    private ulong _state = seed;
    private int _serial;

    public string Input(string input, DataType type, params long[] shape)
    {
        _graph.Input.Add(Value(input, type, shape));
        return input;
    }

    public void Output(string output, DataType type, params long[] shape) => _graph.Output.Add(Value(output, type, shape));

    /// <summary>A tensor of weights uniform in ±<paramref name="range"/>; its name.</summary>
    public string Weights(float range, params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        var tensor = new TensorProto { Name = Fresh("w"), DataType = (int)DataType.Float };
        tensor.Dims.AddRange(shape);
        if (external is not null && count * sizeof(float) > 1024) Refer(tensor, external.Append(count, range), count * sizeof(float));
        else tensor.RawData = Inline((int)count, range);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Int64s(params long[] values)
    {
        var tensor = new TensorProto { Name = Fresh("i"), DataType = (int)DataType.Int64, Dims = { values.Length } };
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A vector of one value.</summary>
    public string Constants(float value, int count)
    {
        var tensor = new TensorProto { Name = Fresh("c"), DataType = (int)DataType.Float, Dims = { count }, FloatData = { Enumerable.Repeat(value, count) } };
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Scalar(float value)
    {
        var tensor = new TensorProto { Name = Fresh("c"), DataType = (int)DataType.Float, FloatData = { value } };
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node of one output; the output's name, which is <paramref name="output"/> where given.</summary>
    public string Node(string op, string[] inputs, string? output = null, params (string Name, object Value)[] attributes)
    {
        output ??= Fresh(op);
        var node = new NodeProto { OpType = op, Name = output + "/" + op };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (key, value) in attributes) node.Attribute.Add(Attribute(key, value));
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a node of ONNX Runtime Extensions.</summary>
    public string ExtensionNode(string op, string[] inputs, string? output = null, params (string Name, object Value)[] attributes)
    {
        string name = Node(op, inputs, output, attributes);
        _graph.Node[^1].Domain = ExtensionsDomain;
        return name;
    }

    public byte[] Build() => new ModelProto
    {
        IrVersion = 8,
        ProducerName = "EdgeRuntime.TestKit",
        Graph = _graph,
        OpsetImport = { Opset("", OpsetVersion), Opset(ExtensionsDomain, 1) },
    }.ToByteArray();

    private static OperatorSetIdProto Opset(string domain, long version) => new() { Domain = domain, Version = version };

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        float f => new AttributeProto { Name = name, Type = AttributeType.Float, F = f },
        int i => new AttributeProto { Name = name, Type = AttributeType.Int, I = i },
        string text => new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        long[] ints => new AttributeProto { Name = name, Type = AttributeType.Ints, Ints = { ints } },
        _ => throw new ArgumentException($"attribute '{name}' has the unknown type {value.GetType()}", nameof(value)),
    };

    private static ValueInfoProto Value(string name, DataType type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            dimensions.Dim.Add(shape[axis] < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{axis}" }
                : new TensorShapeProto.Types.Dimension { DimValue = shape[axis] });
        }
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }

    private ByteString Inline(int count, float range)
    {
        var values = new float[count];
        UniformWeights.Fill(values, range, ref _state);
        var bytes = new byte[count * sizeof(float)];
        for (int i = 0; i < count; i++) BitConverter.TryWriteBytes(bytes.AsSpan(i * sizeof(float)), values[i]);
        return ByteString.CopyFrom(bytes);
    }

    private void Refer(TensorProto tensor, long offset, long length)
    {
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = external!.FileName });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = FormattableString.Invariant($"{offset}") });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = FormattableString.Invariant($"{length}") });
    }

    private string Fresh(string stem) => $"{stem}_{_serial++}";
}
