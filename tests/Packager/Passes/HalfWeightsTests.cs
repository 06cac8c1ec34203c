using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes;

public sealed class HalfWeightsTests
{
    private const int Large = 16 * 64;

    [Fact]
    public void Apply_PlainModel_HalvesTheBytesAndStaysNear()
    {
        using var workshop = new Workshop();
        var before = workshop.Write("model.onnx", SmallModels.Plain());
        var model = Bits.Import(SmallModels.Plain());
        Assert.NotNull(new HalfWeights().Apply(model));
        var after = Bits.Export(model, workshop["half"]);
        Assert.Equal(Large * 2, new FileInfo(workshop["half", "weights.bin"]).Length); // the second layer's are below a kilobyte by now
        // A weight rounded to 11 bits is off by 2^-12 of itself at most.
        Assert.InRange(Bits.Agreement(Bits.Answer(before)[0], Bits.Answer(after)[0]).Cosine, 0.999999, 1 - 1e-12);
    }

    [Theory]
    [InlineData(70_000f)]
    [InlineData(float.PositiveInfinity)]
    public void Apply_WeightOverFloat16_StaysFloat32(float value) => Assert.Equal(DataType.Float, TypeAfter(value));

    [Fact]
    public void Apply_WeightAtTheLimit_IsHalved() => Assert.Equal(DataType.Float16, TypeAfter(65504f));

    [Fact]
    public void Apply_TinyWeights_StayFloat32() => Assert.Equal(DataType.Float, TypeAfter(1e-6f));

    [Fact]
    public void Apply_InitializerThatIsAnOutput_StaysFloat32()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Output.Add(SmallModels.Value(model.Graph.Initializer[0].Name, DataType.Float, [16, 64]))));
        new HalfWeights().Apply(model);
        Assert.Equal((int)DataType.Float, model.Graph.Initializer[0].DataType);
    }

    [Fact]
    public void Apply_ScalesOfResize_StayFloat32()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model =>
        {
            model.Graph.Initializer.Add(SmallModels.Floats("scales", [Large], [.. Enumerable.Repeat(2f, Large)]));
            model.Graph.Node.Add(new NodeProto { OpType = "Resize", Input = { "x", "", "scales" }, Output = { "resized" } });
        }));
        new HalfWeights().Apply(model);
        Assert.Equal((int)DataType.Float, model.Graph.Initializer.Single(tensor => tensor.Name == "scales").DataType);
    }

    [Fact]
    public void Apply_WeightsReadInBranches_ReachThemThroughTheCast()
    {
        using var workshop = new Workshop();
        var before = workshop.Write("model.onnx", SmallModels.Branches());
        var model = Bits.Import(SmallModels.Branches());
        new HalfWeights().Apply(model);
        var after = Bits.Export(model, workshop["half"]);
        for (var sample = 0; sample < 4; sample++) Assert.InRange(Bits.Agreement(Bits.Answer(before, sample)[0], Bits.Answer(after, sample)[0]).Cosine, 0.9999, 1);
    }

    [Fact]
    public void Apply_NameAlreadyTaken_PicksAnother()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Initializer.Add(SmallModels.Floats(model.Graph.Initializer[0].Name + "/float16", [1], [1]))));
        new HalfWeights().Apply(model);
        Assert.Equal(model.Graph.Initializer.Count, model.Graph.Initializer.Select(tensor => tensor.Name).Distinct().Count());
    }

    private static DataType TypeAfter(float value)
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Initializer.Add(SmallModels.Floats("odd", [Large], [.. Enumerable.Repeat(0f, Large - 1), value]))));
        new HalfWeights().Apply(model);
        return (DataType)model.Graph.Initializer.Single(tensor => tensor.Name.StartsWith("odd", StringComparison.Ordinal)).DataType;
    }
}
