using System.Runtime.InteropServices;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes.Integers;

/// <summary>The passes that store linear layers smaller, run before and after in ONNX Runtime.</summary>
public sealed class LayerPassTests
{
    private const int Depth = 96, Columns = 64;

    public static TheoryData<string> Forms => ["MatMul", "Gemm", "GemmTransposed", "Shared"];

    /// <summary>x of 8 bits is off by half a step of its range 2 at most, a weight by half a step of its column; all errors of one sign is the worst.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Dynamic_AnyForm_StaysWithinTheBits(string form)
    {
        const double Weight = 0.1, Input = 1;
        var limit = Layers(form) * Depth * (Weight * (2 * Input / 255) + Input * (Weight / 64)) / 2 * 2;
        Assert.InRange(Difference(form, new DynamicBytes(pairsMustFit: true)), 1e-9, limit);
    }

    /// <summary>Squared error is least, so a cut weight may be off by more than half a step; by less than two steps of 4 bits over a range of 0.2.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Blocks_AnyForm_StaysWithinTheBits(string form) =>
        Assert.InRange(Difference(form, new BlockWeights(new BlockOptions())), 1e-9, Layers(form) * Depth * 2 * (0.2 / 15));

    [Fact]
    public void Blocks_EightBits_AreNearer() =>
        Assert.True(Difference("MatMul", new BlockWeights(new BlockOptions { Bits = 8 })) < Difference("MatMul", new BlockWeights(new BlockOptions())) / 8);

    [Fact]
    public void Dynamic_InOnnxRuntime_IsFused()
    {
        using var workshop = new Workshop();
        var model = Bits.Import(Build("Gemm"));
        new DynamicBytes(pairsMustFit: true).Apply(model);
        var audit = GraphAudit.Of(Bits.Export(model, workshop["made"]), workshop["audit"]);
        Assert.Equal(["DynamicQuantizeMatMul"], audit.Operators.Keys);
        Assert.Empty(audit.Unfused);
    }

    [Fact]
    public void Apply_WeightsOfAnotherReader_StayForIt()
    {
        var model = Bits.Import(SmallModels.Edit(Build("MatMul"), model => model.Graph.Node.Add(new NodeProto { OpType = "Transpose", Name = "other", Input = { model.Graph.Initializer[0].Name }, Output = { "t" } })));
        new DynamicBytes(pairsMustFit: false).Apply(model);
        Assert.Contains(model.Graph.Initializer, tensor => (DataType)tensor.DataType == DataType.Float && tensor.Dims.SequenceEqual([Depth, Columns]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_MatrixOfTwoProducts_IsStoredOnce(bool dynamic)
    {
        var (once, _) = Rewrites.Check(Product().Build(), 1, Pass(dynamic));
        var (twice, _) = Rewrites.Check(Product().Node("Neg", "x", "n").Node("MatMul", "n,w", "z").Output("z").Build(), 1, Pass(dynamic));
        Assert.Equal(once.Graph.Initializer.Count, twice.Graph.Initializer.Count);
    }

    [Fact]
    public void Apply_MatrixTurnedForOneProduct_IsStoredTwice()
    {
        var square = new GraphSketch().Input("x", -1, Depth).Random("w", -1, 1, Depth, Depth).Node("MatMul", "x,w", "y").Output("y").Node("Gemm", "x,w", "z", ("transB", 1)).Output("z").Build();
        var (after, _) = Rewrites.Check(square, 0.05, new DynamicBytes(pairsMustFit: true));
        Assert.Equal(2, after.Graph.Initializer.Count(tensor => (DataType)tensor.DataType == DataType.Int8 && tensor.Dims.Count == 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_WeightsThatAreAnOutput_Stay(bool dynamic) => AssertKeeps(dynamic, Product().Output("w"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_WeightsThatASubgraphReads_Stay(bool dynamic) => AssertKeeps(dynamic, Product().Captures("w"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_WeightsThatCallersMayOverride_AreRefused(bool dynamic)
    {
        var model = Bits.Import(Product().Input("w", Depth, Columns).Build());
        Assert.Contains("its second input is no constant", Assert.Throws<PackagerException>(() => Pass(dynamic).Apply(model)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_ProductThatASubgraphReads_KeepsItsName(bool dynamic)
    {
        var model = Bits.Import(Product().Captures("y").Build());
        Pass(dynamic).Apply(model);
        using var workshop = new Workshop();
        Assert.Equal(["y", "z"], Bits.Answer(Bits.Export(model, workshop["after"])).Select(output => output.Name));
    }

    [Fact]
    public void Apply_NothingToDo_IsRefusedWithTheReasons()
    {
        var model = Bits.Import(SmallModels.Plain());
        var error = Assert.Throws<PackagerException>(() => new DynamicBytes(pairsMustFit: false).Apply(model));
        Assert.Contains("1024 weights are fewer than 4096", error.Message);
    }

    [Fact]
    public void Dynamic_OldOpset_IsRefused() =>
        Assert.Contains("opset 9", Assert.Throws<PackagerException>(() => new DynamicBytes(pairsMustFit: false).Apply(Bits.Import(SmallModels.Opset9()))).Message);

    private static void AssertKeeps(bool dynamic, GraphSketch sketch)
    {
        var model = Bits.Import(sketch.Build());
        Pass(dynamic).Apply(model);
        Assert.Contains(model.Graph.Initializer, tensor => tensor.Name == "w");
        Assert.DoesNotContain("MatMul", Rewrites.Ops(model));
        using var workshop = new Workshop();
        Assert.NotEmpty(Bits.Answer(Bits.Export(model, workshop["after"])));
    }

    private static GraphSketch Product() => new GraphSketch().Input("x", -1, Depth).Random("w", -1, 1, Depth, Columns).Node("MatMul", "x,w", "y").Output("y");

    private static IPass Pass(bool dynamic) => dynamic ? new DynamicBytes(pairsMustFit: false) : new BlockWeights(new BlockOptions());

    private static int Layers(string form) => form == "Shared" ? 2 : 1;

    private static double Difference(string form, IPass pass)
    {
        using var workshop = new Workshop();
        var before = workshop.Write("model.onnx", Build(form));
        var model = Bits.Import(Build(form));
        Assert.NotNull(pass.Apply(model));
        var after = Bits.Export(model, workshop["after"]);
        float[] expected = Numbers(before), actual = Numbers(after);
        return expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max();
    }

    private static float[] Numbers(string path) => MemoryMarshal.Cast<byte, float>(Bits.Answer(path)[0].Data).ToArray();

    private static byte[] Build(string form)
    {
        var builder = new ModelBuilder("layers", 11);
        builder.Input("x", DataType.Float, -1, Depth);
        if (form == "MatMul") builder.Node("MatMul", ["x", builder.Weights(0.1f, Depth, Columns)], "y");
        if (form == "Gemm") builder.Node("Gemm", ["x", builder.Weights(0.1f, Depth, Columns), builder.Weights(0.1f, Columns)], "y");
        if (form == "GemmTransposed") builder.Node("Gemm", ["x", builder.Weights(0.1f, Columns, Depth), builder.Weights(0.1f, Columns)], "y", ("transB", 1), ("alpha", 0.5f));
        if (form == "Shared") builder.Node("Sub", [builder.Node("MatMul", ["x", builder.Weights(0.1f, Depth, Columns)]), builder.Node("MatMul", ["x", builder.Weights(0.1f, Depth, Columns)])], "y");
        builder.Output("y", DataType.Float, -1, Columns);
        return builder.Build();
    }
}
