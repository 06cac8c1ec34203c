using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.TestKit.Models;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>Models with the traits that real ones have and that rewriting stumbles over.</summary>
internal static class SmallModels
{
    /// <summary>float32 x[batch, 16] -> y[batch, 4].</summary>
    public static byte[] Plain() => TestModels.Mlp();

    /// <summary>All weights in Constant nodes, as PP-OCR's.</summary>
    public static byte[] ConstantNodes() => Edit(TestModels.Mlp(), model =>
    {
        var graph = model.Graph;
        for (var i = 0; i < graph.Initializer.Count; i++) graph.Node.Insert(i, Constant(graph.Initializer[i].Name, graph.Initializer[i]));
        graph.Initializer.Clear();
    });

    /// <summary>Opset 9 and IR version 3: initializers are listed among the inputs.</summary>
    public static byte[] Opset9() => Edit(TestModels.Mlp(), model =>
    {
        (model.IrVersion, model.OpsetImport[0].Version) = (3, 9);
        foreach (var tensor in model.Graph.Initializer) model.Graph.Input.Add(Value(tensor.Name, DataType.Float, [.. tensor.Dims]));
    });

    /// <summary>An If whose branches hold weights in Constant nodes and read an initializer and a value from around them, as Silero's.</summary>
    public static byte[] Branches() => Edit(TestModels.Mlp(outputs: 16), model =>
    {
        var graph = model.Graph;
        var shared = graph.Initializer[0].Clone();
        shared.Name = "shared";
        shared.Dims.Clear();
        shared.Dims.AddRange([16, 64]);
        graph.Initializer.Add(shared);
        graph.Node.Add(new NodeProto { OpType = "ReduceSum", Name = "sum", Input = { "y" }, Output = { "total" }, Attribute = { new AttributeProto { Name = "keepdims", Type = AttributeType.Int, I = 0 } } });
        graph.Initializer.Add(new TensorProto { Name = "zero", DataType = (int)DataType.Float, FloatData = { 0 } });
        graph.Node.Add(new NodeProto { OpType = "Greater", Name = "greater", Input = { "total", "zero" }, Output = { "positive" } });
        graph.Node.Add(new NodeProto
        {
            OpType = "If",
            Name = "if",
            Input = { "positive" },
            Output = { "z" },
            Attribute = { Branch("then_branch", "a", graph.Initializer[0]), Branch("else_branch", "b", graph.Initializer[0]) },
        });
        graph.Output.Clear();
        graph.Output.Add(Value("z", DataType.Float, [-1, 64]));
        graph.Output.Add(Value("positive", DataType.Bool, []));
    });

    /// <summary>y = x A - x B where A and B differ by less than float16 holds: halving the weights ruins it.</summary>
    public static byte[] Cancelling()
    {
        var builder = new ModelBuilder("cancelling", 1);
        builder.Input("x", DataType.Float, -1, 32);
        var small = builder.Weights(0.2f, 32, 32);
        var builtFrom = Parse(Finish(builder, small));
        var graph = builtFrom.Graph;
        var differences = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(graph.Initializer[0].RawData.Span).ToArray();
        graph.Initializer.Clear();
        graph.Initializer.Add(Floats("a", [32, 32], [.. differences.Select(value => 1000 + value)]));
        graph.Initializer.Add(Floats("b", [32, 32], [.. differences.Select(_ => 1000f)]));
        graph.Node.Clear();
        graph.Node.Add(new NodeProto { OpType = "MatMul", Name = "ma", Input = { "x", "a" }, Output = { "xa" } });
        graph.Node.Add(new NodeProto { OpType = "MatMul", Name = "mb", Input = { "x", "b" }, Output = { "xb" } });
        graph.Node.Add(new NodeProto { OpType = "Sub", Name = "sub", Input = { "xa", "xb" }, Output = { "y" } });
        return builtFrom.ToByteArray();
    }

    public static byte[] Edit(byte[] model, Action<ModelProto> change)
    {
        var proto = Parse(model);
        change(proto);
        return proto.ToByteArray();
    }

    public static ModelProto Parse(byte[] model) => ModelProto.Parser.ParseFrom(model);

    public static TensorProto Floats(string name, long[] shape, float[] values) =>
        new() { Name = name, DataType = (int)DataType.Float, Dims = { shape }, RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)) };

    public static ValueInfoProto Value(string name, DataType type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape) dimensions.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "n" } : new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } } };
    }

    private static byte[] Finish(ModelBuilder builder, string weights)
    {
        builder.Node("MatMul", ["x", weights], "y");
        builder.Output("y", DataType.Float, -1, 32);
        return builder.Build();
    }

    private static NodeProto Constant(string output, TensorProto value) => new()
    {
        OpType = "Constant",
        Name = output + "/Constant",
        Output = { output },
        Attribute = { new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = value.Clone() } },
    };

    // z = x W + scale * (y shared), W in a Constant node of the branch
    private static AttributeProto Branch(string name, string prefix, TensorProto weights)
    {
        var own = weights.Clone();
        own.Name = "";
        var graph = new GraphProto { Name = name };
        graph.Node.Add(Constant(prefix + "_w", own));
        graph.Node.Add(new NodeProto { OpType = "MatMul", Name = prefix + "_m", Input = { "x", prefix + "_w" }, Output = { prefix + "_p" } });
        graph.Node.Add(new NodeProto { OpType = "MatMul", Name = prefix + "_s", Input = { "y", "shared" }, Output = { prefix + "_q" } });
        graph.Node.Add(new NodeProto { OpType = prefix == "a" ? "Add" : "Sub", Name = prefix + "_o", Input = { prefix + "_p", prefix + "_q" }, Output = { prefix + "_z" } });
        graph.Output.Add(Value(prefix + "_z", DataType.Float, [-1, 64]));
        return new AttributeProto { Name = name, Type = AttributeType.Graph, G = graph };
    }
}
