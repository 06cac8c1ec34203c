using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes;

public sealed class HalfComputeTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("convolutions")]
    [InlineData("branches")]
    public void Apply_Model_KeepsInputsAndOutputsAndStaysNear(string name)
    {
        using var workshop = new Workshop();
        var bytes = name switch { "plain" => SmallModels.Plain(), "branches" => SmallModels.Branches(), _ => TestModels.SmallCnn() };
        var before = workshop.Write("model.onnx", bytes);
        var model = Bits.Import(bytes);
        Assert.NotNull(new HalfCompute().Apply(model));
        var after = Bits.Export(model, workshop["half"]);
        for (var sample = 0; sample < 4; sample++)
        {
            var (expected, actual) = (Bits.Answer(before, sample)[0], Bits.Answer(after, sample)[0]);
            Assert.Equal((expected.Name, expected.Type), (actual.Name, actual.Type));
            // 2^-11 for each of a few layers.
            Assert.InRange(Bits.Agreement(expected, actual).Cosine, 0.999, 1);
        }
    }

    [Fact]
    public void Apply_ExternalTransformer_KeepsReductionsInFloat()
    {
        using var workshop = new Workshop();
        var source = TestModels.Transformer(workshop["source"], layers: 1, width: 64, heads: 4);
        var model = ModelImporter.Load(source);
        Assert.Contains("compute in float16", new HalfCompute().Apply(model));
        Assert.InRange(Bits.Agreement(Bits.Answer(source)[0], Bits.Answer(Bits.Export(model, workshop["half"]))[0]).Cosine, 0.999, 1);
    }

    [Fact]
    public void Apply_WeightOverFloat16_KeepsItsNodeInFloat()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model =>
        {
            model.Graph.Initializer.Add(SmallModels.Floats("huge", [1], [1e6f]));
            model.Graph.Node.Add(new NodeProto { OpType = "Mul", Name = "scaled", Input = { "y", "huge" }, Output = { "z" } });
            model.Graph.Output.Add(SmallModels.Value("z", DataType.Float, [-1, 4]));
        }));
        Assert.Contains("1 Mul", new HalfCompute().Apply(model));
        Assert.Contains("huge", model.Graph.Node.Single(node => node.OpType == "Mul").Input);
    }

    [Fact]
    public void Apply_WeightSharedWithFloatOp_KeepsBothForms()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model =>
        {
            model.Graph.Node.Add(new NodeProto { OpType = "Pow", Name = "pow", Input = { "y", model.Graph.Initializer[^1].Name }, Output = { "z" } });
            model.Graph.Output.Add(SmallModels.Value("z", DataType.Float, [-1, 4]));
        }));
        var bias = model.Graph.Initializer[^1].Name;
        new HalfCompute().Apply(model);
        Assert.Contains(model.Graph.Initializer, tensor => tensor.Name == bias && tensor.DataType == (int)DataType.Float);
        Assert.Contains(model.Graph.Initializer, tensor => tensor.Name == bias + "/float16" && tensor.DataType == (int)DataType.Float16);
    }

    [Fact]
    public void Apply_NumbersMadeFromShapes_StayFloat32()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model =>
        {
            model.Graph.Node.Add(new NodeProto { OpType = "Shape", Name = "shape", Input = { "y" }, Output = { "sizes" } });
            model.Graph.Node.Add(new NodeProto { OpType = "Cast", Name = "cast", Input = { "sizes" }, Output = { "numbers" }, Attribute = { new AttributeProto { Name = "to", Type = AttributeType.Int, I = (long)DataType.Float } } });
            model.Graph.Output.Add(SmallModels.Value("numbers", DataType.Float, [2]));
        }));
        new HalfCompute().Apply(model);
        Assert.Equal("numbers", model.Graph.Node.Single(node => node.Name == "cast").Output[0]);
    }
}
