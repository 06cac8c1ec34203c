using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes.Simplifying;

public sealed class FoldConstantsTests
{
    private static GraphSketch ScaledWeights() => new GraphSketch().Input("x", 2, 3).Random("w", -1, 1, 3, 4).Random("s", -1, 1, 4)
        .Node("Mul", "w,s", "scaled").Node("Neg", "scaled", "weights");

    [Fact]
    public void Apply_ChainOfConstants_BecomesOneInitializer()
    {
        var (after, said) = Rewrites.Check(ScaledWeights().Node("MatMul", "x,weights", "y").Output("y").Build(), 0, new FoldConstants());
        Assert.Equal("1 values are computed once", said);
        Assert.Equal(["MatMul"], Rewrites.Ops(after));
        Assert.Equal("weights", Assert.Single(after.Graph.Initializer).Name);
    }

    [Fact]
    public void Apply_ConstantThatIsAnOutput_Stays()
    {
        var (after, _) = Rewrites.Check(ScaledWeights().Node("MatMul", "x,weights", "y").Output("y").Output("weights").Build(), 0, new FoldConstants());
        Assert.Equal(["Neg", "MatMul"], Rewrites.Ops(after));
    }

    [Fact]
    public void Apply_InitializerReadElsewhere_StaysBesideTheResult()
    {
        var (after, _) = Rewrites.Check(ScaledWeights().Node("MatMul", "x,weights", "a").Node("Add", "a,s", "y").Output("y").Build(), 0, new FoldConstants());
        Assert.Equal(["s", "weights"], after.Graph.Initializer.Select(tensor => tensor.Name).Order());
    }

    [Fact]
    public void Apply_ResultReadInASubgraph_IsFoundThere() =>
        Assert.Equal(["If"], Rewrites.Ops(Rewrites.Check(ScaledWeights().Captures("weights").Build(), 0, new FoldConstants()).After));

    [Fact]
    public void Apply_ShapeOfKnownSizes_IsWrittenDown()
    {
        var sketch = new GraphSketch().Input("x", 2, 3, 4).Longs("zero", 0).Longs("rest", -1)
            .Node("Shape", "x", "shape").Node("Gather", "shape,zero", "batch").Node("Concat", "batch,rest", "wanted", ("axis", 0)).Node("Reshape", "x,wanted", "y").Output("y");
        Assert.Equal(["Reshape"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, new FoldConstants()).After));
    }

    [Fact]
    public void Apply_PartOfAShape_IsWrittenDown()
    {
        var sketch = new GraphSketch().Input("x", 2, 3, 4).Node("Shape", "x", "shape", ("start", -2), ("end", 3)).Node("Cast", "shape", "numbers", ("to", (int)DataType.Float)).Node("Neg", "numbers", "y").Output("y");
        Assert.Equal(["Neg"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, new FoldConstants()).After));
    }

    [Fact]
    public void Apply_ShapeOfADynamicSize_Stays()
    {
        var sketch = new GraphSketch().Input("x", -1, 3).Node("Shape", "x", "shape").Node("Cast", "shape", "y", ("to", (int)DataType.Float)).Output("y");
        Assert.Equal(["Shape", "Cast"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, new FoldConstants()).After));
    }

    [Fact]
    public void Apply_ShapeOfAnUnknownRank_Stays()
    {
        var sketch = Ranks.Unknown(new GraphSketch()).Node("Shape", "unknown", "shape").Node("Cast", "shape", "y", ("to", (int)DataType.Float)).Output("y");
        Assert.Contains("Shape", Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, new FoldConstants()).After));
    }

    [Fact]
    public void Apply_SizesOfAnUnknownRankInAReshape_KeepTheirCount()
    {
        var sketch = Ranks.Unknown(new GraphSketch()).Longs("rest", 2, -1).Longs("from", -1).Longs("to", 1000).Node("Shape", "unknown", "shape").Node("Slice", "shape,from,to", "last")
            .Node("Concat", "last,rest", "wanted", ("axis", 0)).Node("Reshape", "unknown,wanted", "y").Output("y");
        Rewrites.Check(sketch.Build(), 0, new FoldConstants());
    }

    [Fact]
    public void Apply_ResultFarLargerThanItsSource_Stays()
    {
        var sketch = new GraphSketch().Input("x", 1).Longs("sizes", 1000, 100).Node("ConstantOfShape", "sizes", "zeros").Node("Add", "x,zeros", "y").Output("y");
        var (after, said) = Rewrites.Check(sketch.Build(), 0, new FoldConstants());
        Assert.Contains("left, being far larger than what they come from: 'zeros'", said);
        Assert.Equal(["ConstantOfShape", "Add"], Rewrites.Ops(after));
    }

    [Fact]
    public void Apply_InitializerThatCallersMayOverride_Stays()
    {
        var sketch = ScaledWeights().Node("MatMul", "x,weights", "y").Output("y").Input("s", 4);
        Assert.Equal(["Mul", "Neg", "MatMul"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, new FoldConstants()).After));
    }

    [Fact]
    public void Apply_Chance_Stays()
    {
        var sketch = new GraphSketch().Input("x", 2).Floats("like", [2], 1, 2).Node("RandomUniformLike", "like", "noise").Node("Mul", "x,noise", "a").Node("Sub", "a,a", "y").Output("y");
        Assert.Contains("RandomUniformLike", Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, new FoldConstants()).After));
    }
}
