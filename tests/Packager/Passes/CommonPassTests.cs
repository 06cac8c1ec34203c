using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes;

public sealed class CommonPassTests
{
    [Fact]
    public void CheckWeights_NaN_NamesTheTensor()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Initializer.Add(SmallModels.Floats("bad", [3], [1, float.NaN, 2]))));
        Assert.Contains("'bad' holds 1 NaN among its 3 weights", Assert.Throws<PackagerException>(() => new CheckWeights().Apply(model)).Message);
    }

    [Fact]
    public void CheckWeights_NaNInABranch_IsFound()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Branches(), model =>
            model.Graph.Node[^1].Attribute[1].G.Node[0].Attribute[0].T = SmallModels.Floats("", [1], [float.NaN])));
        Assert.Throws<PackagerException>(() => new CheckWeights().Apply(model));
    }

    [Fact]
    public void FixInitializers_Ir3_LeavesOnlyRealInputs()
    {
        var model = Bits.Import(SmallModels.Opset9());
        Assert.Equal("4 initializers are no inputs any more", new FixInitializers().Apply(model));
        Assert.Equal("x", Assert.Single(model.Graph.Input).Name);
    }

    [Fact]
    public void FixInitializers_Ir8Default_StaysAnInput()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.Graph.Input.Add(SmallModels.Value(model.Graph.Initializer[0].Name, DataType.Float, [16, 64]))));
        Assert.Null(new FixInitializers().Apply(model));
        Assert.Equal(2, model.Graph.Input.Count);
    }

    [Fact]
    public void LiftConstants_ConstantThatIsAnOutput_Stays()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.ConstantNodes(), model => model.Graph.Output.Add(SmallModels.Value(model.Graph.Node[0].Output[0], DataType.Float, [16, 64]))));
        Assert.Equal("3 Constant nodes became initializers", new LiftConstants().Apply(model));
        Assert.Equal("Constant", model.Graph.Node[0].OpType);
    }

    [Fact]
    public void LiftConstants_ConstantsOfBranches_Stay()
    {
        var model = Bits.Import(SmallModels.Branches());
        Assert.Null(new LiftConstants().Apply(model));
    }

    [Fact]
    public void LiftConstants_ConstantThatASubgraphReads_IsFoundThere()
    {
        var sketch = new GraphSketch().Input("x", 2).Node("Constant", "", "w", ("value", SmallModels.Floats("", [2], [1, 2]))).Node("Add", "x,w", "y").Output("y").Captures("w");
        var (after, _) = Rewrites.Check(sketch.Build(), 0, new LiftConstants());
        Assert.Equal(["Add", "If"], Rewrites.Ops(after));
    }

    [Fact]
    public void Apply_StopAfter_RunsNoFurther()
    {
        var model = Bits.Import(SmallModels.ConstantNodes());
        Assert.Empty(PassPipeline.Apply(model, [new CheckWeights(), new LiftConstants()], "check-weights", TimeProvider.System));
        Assert.Empty(model.Graph.Initializer);
    }
}
