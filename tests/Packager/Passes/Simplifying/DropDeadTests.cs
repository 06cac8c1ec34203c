using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Simplifying;

public sealed class DropDeadTests
{
    private static GraphSketch WithDeadChain() => new GraphSketch().Input("x", 2, 3).Random("w", -1, 1, 3, 3).Random("v", -1, 1, 3, 3)
        .Node("MatMul", "x,v", "dead").Node("Relu", "dead", "deader").Node("MatMul", "x,w", "y").Output("y");

    [Fact]
    public void Apply_ChainThatNothingReads_IsGoneWithItsWeights()
    {
        var (after, said) = Rewrites.Check(WithDeadChain().Build(), 0, new DropDead());
        Assert.Equal("2 nodes and 1 initializers that nothing reads are gone", said);
        Assert.Equal("w", Assert.Single(after.Graph.Initializer).Name);
    }

    [Fact]
    public void Apply_ValueReadInASubgraph_Stays()
    {
        var (after, said) = Rewrites.Check(WithDeadChain().Captures("deader").Build(), 0, new DropDead());
        Assert.Empty(said);
        Assert.Equal(4, after.Graph.Node.Count);
    }

    [Fact]
    public void Apply_DeadNodeInABranch_IsGone()
    {
        var sketch = WithDeadChain().Captures("dead");
        sketch.Graph.Node[^1].Attribute[0].G.Node.Add(new GraphSketch().Node("Relu", "deader", "unread").Graph.Node[0]);
        var (after, _) = Rewrites.Check(sketch.Build(), 0, new DropDead());
        Assert.Equal(["MatMul", "MatMul", "If"], Rewrites.Ops(after));
        Assert.Equal("Add", Assert.Single(after.Graph.Node[^1].Attribute[0].G.Node).OpType);
    }

    [Fact]
    public void Apply_InitializerThatCallersMayOverride_Stays()
    {
        var sketch = WithDeadChain();
        sketch.Graph.Input.Add(SmallModels.Value("v", Onnx.TensorProto.Types.DataType.Float, [3, 3]));
        var model = Bits.Import(sketch.Build());
        new DropDead().Apply(model);
        Assert.Equal(2, model.Graph.Initializer.Count);
    }
}
