using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>A graph as a test writes it: every value by its name.</summary>
internal sealed class GraphSketch
{
    private readonly GraphProto _graph = new() { Name = "sketch" };

    public GraphSketch Input(string name, params long[] shape) => Input(name, DataType.Float, shape);

    public GraphSketch Input(string name, DataType type, params long[] shape)
    {
        _graph.Input.Add(SmallModels.Value(name, type, shape));
        return this;
    }

    /// <summary>Of a shape that ONNX Runtime infers.</summary>
    public GraphSketch Output(string name, DataType type = DataType.Float)
    {
        _graph.Output.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } });
        return this;
    }

    public GraphSketch Floats(string name, long[] shape, params float[] values)
    {
        _graph.Initializer.Add(TensorValues.Of(name, shape, values.AsSpan()));
        return this;
    }

    public GraphSketch Longs(string name, params long[] values) => LongsOf(name, [values.Length], values);

    public GraphSketch LongsOf(string name, long[] shape, params long[] values)
    {
        _graph.Initializer.Add(TensorValues.Of(name, shape, values.AsSpan()));
        return this;
    }

    public GraphSketch Constant(TensorProto tensor)
    {
        _graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Floats between two limits out of a fixed sequence.</summary>
    public GraphSketch Random(string name, double low, double high, params long[] shape)
    {
        var random = new SplitMix((ulong)_graph.Initializer.Count + 1);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(low + (high - low) * random.NextUnit());
        return Floats(name, shape, values);
    }

    /// <param name="op">Of the standard domain.</param>
    /// <param name="inputs">Names with commas between.</param>
    /// <param name="outputs">Names with commas between.</param>
    /// <param name="attributes">Numbers, lists, texts, graphs or tensors.</param>
    public GraphSketch Node(string op, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = outputs.Split(',')[0] + "/" + op };
        if (inputs.Length > 0) node.Input.AddRange(inputs.Split(','));
        node.Output.AddRange(outputs.Split(','));
        foreach (var (name, value) in attributes) node.Attribute.Add(Attribute(name, value));
        _graph.Node.Add(node);
        return this;
    }

    /// <summary>Outputs z = read + read out of an If whose condition is an input: a subgraph that reads a value from around it.</summary>
    public GraphSketch Captures(string read) => Input("condition", DataType.Bool).Node("If", "condition", "z", ("then_branch", Branch("then", read)), ("else_branch", Branch("else", read))).Output("z");

    /// <summary>Outputs z out of an If whose condition is an input, and whose branches are both what <paramref name="nodes"/> makes: y of the values around it.</summary>
    public GraphSketch InBranches(Func<GraphSketch, GraphSketch> nodes) =>
        Input("condition", DataType.Bool).Node("If", "condition", "z", ("then_branch", nodes(new GraphSketch()).Output("y").Graph), ("else_branch", nodes(new GraphSketch()).Output("y").Graph)).Output("z");

    public GraphProto Graph => _graph;

    public byte[] Build(long opset = 17) => new ModelProto { IrVersion = 8, Graph = _graph, OpsetImport = { new OperatorSetIdProto { Version = opset } } }.ToByteArray();

    private static GraphProto Branch(string name, string read) => new GraphSketch().Node("Add", $"{read},{read}", name).Output(name).Graph;

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        float f => new AttributeProto { Name = name, Type = AttributeType.Float, F = f },
        int i => new AttributeProto { Name = name, Type = AttributeType.Int, I = i },
        long i => new AttributeProto { Name = name, Type = AttributeType.Int, I = i },
        string text => new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        float[] floats => new AttributeProto { Name = name, Type = AttributeType.Floats, Floats = { floats } },
        long[] ints => new AttributeProto { Name = name, Type = AttributeType.Ints, Ints = { ints } },
        GraphProto graph => new AttributeProto { Name = name, Type = AttributeType.Graph, G = graph },
        TensorProto tensor => new AttributeProto { Name = name, Type = AttributeType.Tensor, T = tensor },
        _ => throw new ArgumentException($"attribute '{name}' has the unknown type {value.GetType()}", nameof(value)),
    };
}
