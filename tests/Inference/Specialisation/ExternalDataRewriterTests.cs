using EdgeRuntime.Inference.Specialisation;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.TestKit.Models;
using Google.Protobuf;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Specialisation;

public sealed class ExternalDataRewriterTests
{
    [Fact]
    public void Rewrite_TensorsInGraphAndSubgraph_AllMove()
    {
        var model = Model();
        var moved = ModelProto.Parser.ParseFrom(Rewriter(keepPrepacked: true).Rewrite(model.ToByteArray()));
        Assert.Equal(["1100", "1008"], Tensors(moved).Select(tensor => Value(tensor, "offset")));
        Assert.Equal(["64", "8"], Tensors(moved).Select(tensor => Value(tensor, "length")));
    }

    [Fact]
    public void Rewrite_NotesOfPackedWeights_MoveOrGo()
    {
        byte[] model = Model().ToByteArray();
        var kept = Tensors(ModelProto.Parser.ParseFrom(Rewriter(keepPrepacked: true).Rewrite(model)))[0];
        Assert.Equal("MatMul+7|100500;20;0|100600;30;0", Value(kept, "prepacked_0"));
        var dropped = Tensors(ModelProto.Parser.ParseFrom(Rewriter(keepPrepacked: false).Rewrite(model)))[0];
        Assert.Equal(["location", "offset", "length"], dropped.ExternalData.Select(entry => entry.Key));
        Assert.Equal("moved.bin", Value(dropped, "location"));
    }

    [Fact]
    public void Rewrite_NothingExternal_KeepsEveryByte()
    {
        byte[] model = TestModels.SmallCnn();
        Assert.Equal(model, Rewriter(keepPrepacked: true).Rewrite(model));
    }

    [Fact]
    public void Of_RealLayout_PutsBlobsOnPagesBehindTheTensors()
    {
        var layout = WeightLayout.Of(Model().ToByteArray(), 1000);
        Assert.Equal([new Extent(8, 8), new Extent(100, 64), new Extent(500, 20), new Extent(600, 30)], layout.Copies.Select(copy => copy.From));
        Assert.Equal([0, 64, 4096, 8192], layout.Copies.Select(copy => copy.To));
        Assert.Equal((128, 8192 + 30), (layout.TensorsEnd, layout.End));
    }

    [Fact]
    public void Of_TensorOutsideItsFile_IsRefused() =>
        Assert.Equal("weights at 600+30 are outside their file of 620 bytes", Assert.Throws<InferenceException>(() => WeightLayout.Of(Model().ToByteArray(), 620)).Message);

    [Fact]
    public void Rewrite_BytesDamaged_EndsInAModelOrARefusal()
    {
        const int Seed = 99;
        var random = new Random(Seed);
        byte[] model = Model().ToByteArray();
        int cases = Environment.GetEnvironmentVariable("EDGE_FULL") == "1" ? 500_000 : 5_000;
        for (int i = 0; i < cases; i++)
        {
            byte[] damaged = [.. model.AsSpan(0, random.Next(model.Length + 1))];
            for (int flips = random.Next(4); flips > 0 && damaged.Length > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                _ = WeightLayout.Of(damaged, 1000);
            }
            catch (InferenceException e)
            {
                Assert.True(e.Error == InferenceError.ModelInvalid, $"seed {Seed} case {i}: {e.Message}");
            }
        }
    }

    [Fact]
    public void Rewrite_NestedWithoutEnd_IsRefused()
    {
        var graph = new GraphProto { Initializer = { External("deep", 0, 1) } };
        for (int depth = 0; depth < 200; depth++)
            graph = new GraphProto { Node = { new NodeProto { Attribute = { new AttributeProto { Name = "g", G = graph } } } } };
        byte[] model = new ModelProto { Graph = graph }.ToByteArray();
        Assert.Contains("nests deeper than 64", Assert.Throws<InferenceException>(() => Rewriter(true).Rewrite(model)).Message, StringComparison.Ordinal);
    }

    private static ExternalDataRewriter Rewriter(bool keepPrepacked) =>
        new((extent, packed) => extent with { Offset = extent.Offset + (packed ? 100_000 : 1000) }, "moved.bin", keepPrepacked);

    private static ModelProto Model()
    {
        var main = External("main", 100, 64);
        main.ExternalData.Add(new StringStringEntryProto { Key = "prepacked_0", Value = "MatMul+7|500;20;0|600;30;0" });
        var branch = new GraphProto { Initializer = { External("branch", 8, 8) } };
        var node = new NodeProto { OpType = "If", Attribute = { new AttributeProto { Name = "then_branch", G = branch } } };
        return new ModelProto { IrVersion = 8, Graph = new GraphProto { Initializer = { main }, Node = { node } } };
    }

    private static TensorProto External(string name, int offset, int length) => new()
    {
        Name = name,
        DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = "weights.bin" },
            new StringStringEntryProto { Key = "offset", Value = $"{offset}" },
            new StringStringEntryProto { Key = "length", Value = $"{length}" },
        },
    };

    private static TensorProto[] Tensors(ModelProto model) => [model.Graph.Initializer[0], model.Graph.Node[0].Attribute[0].G.Initializer[0]];

    private static string Value(TensorProto tensor, string key) => tensor.ExternalData.First(entry => entry.Key == key).Value;
}
