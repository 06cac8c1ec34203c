using EdgeRuntime.Packaging.Passes.Folding;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Folding;

public sealed class FoldBatchNormTests
{
    /// <summary>A product is rounded once more, to 2^-24 of itself, before at most 36 of them are summed; the sums cancel to a quarter of their terms at worst here.</summary>
    private const double OneMoreRounding = 36 * 4 / 16777216.0;

    private static RewritePass Pass => new("fold", [new FoldBatchNorm()], needsFacts: true);

    [Theory]
    [InlineData("Conv", 1, true)]
    [InlineData("Conv", 1, false)]
    [InlineData("Conv", 2, true)]
    [InlineData("ConvTranspose", 1, true)]
    [InlineData("ConvTranspose", 2, false)]
    public void Apply_Convolution_BecomesOneNode(string op, int group, bool bias)
    {
        var weights = op == "Conv" ? new long[] { 6, 4 / group, 3, 3 } : [4, 6 / group, 3, 3];
        var sketch = Statistics(new GraphSketch().Input("x", -1, 4, 8, 8).Random("w", -1, 1, weights).Random("b", -1, 1, 6))
            .Node(op, bias ? "x,w,b" : "x,w", "a", ("group", group), ("pads", new long[] { 1, 1, 1, 1 })).Node("BatchNormalization", "a,gamma,beta,mean,var", "y").Output("y");
        var (after, said) = Rewrites.Check(sketch.Build(), OneMoreRounding, Pass);
        Assert.Equal([op], Rewrites.Ops(after));
        Assert.Equal("1 fold-batch-norm", said);
    }

    [Theory]
    [InlineData("Gemm", 0)]
    [InlineData("Gemm", 1)]
    [InlineData("MatMul", 0)]
    public void Apply_Product_BecomesOneGemm(string op, int transposed)
    {
        var sketch = Statistics(new GraphSketch().Input("x", -1, 4).Random("w", -1, 1, transposed == 0 ? [4, 6] : [6, 4]));
        sketch = op == "Gemm" ? sketch.Node(op, "x,w", "a", ("transB", transposed), ("alpha", 0.5f)) : sketch.Node(op, "x,w", "a");
        var (after, _) = Rewrites.Check(sketch.Node("BatchNormalization", "a,gamma,beta,mean,var", "y").Output("y").Build(), OneMoreRounding, Pass);
        Assert.Equal(["Gemm"], Rewrites.Ops(after));
    }

    [Fact]
    public void Apply_WeightsReadElsewhere_Stay() => AssertStays(Convolution().Node("Conv", "x,w", "z").Output("z"), "its weights 'w' are read elsewhere too");

    [Fact]
    public void Apply_WeightsThatASubgraphReads_Stay() => AssertStays(Convolution().Captures("w"), "its weights 'w' are read elsewhere too");

    [Fact]
    public void Apply_WeightsThatAreAnOutput_Stay() => AssertStays(Convolution().Output("w"), "its weights 'w' are read elsewhere too");

    [Fact]
    public void Apply_WeightsThatCallersMayOverride_AreNoMatch() => AssertStays(Convolution().Input("w", 6, 4, 3, 3), "");

    [Fact]
    public void Apply_BiasReadElsewhere_KeepsItsValuesThere()
    {
        var sketch = Statistics(new GraphSketch().Input("x", -1, 4, 8, 8).Random("w", -1, 1, 6, 4, 3, 3).Random("v", -1, 1, 6, 4, 3, 3).Random("b", -1, 1, 6))
            .Node("Conv", "x,w,b", "a").Node("Conv", "x,v,b", "z").Output("z").Node("BatchNormalization", "a,gamma,beta,mean,var", "y").Output("y");
        Assert.Equal(["Conv", "Conv"], Rewrites.Ops(Rewrites.Check(sketch.Build(), OneMoreRounding, Pass).After).Order());
    }

    [Fact]
    public void Apply_StatisticsReadElsewhere_KeepTheirValuesThere()
    {
        var sketch = Convolution().Node("Conv", "x,w2", "c").Random("w2", -1, 1, 6, 4, 3, 3).Node("BatchNormalization", "c,gamma,beta,mean,var", "z").Output("z").Node("BatchNormalization", "a,gamma,beta,mean,var", "y").Output("y");
        Assert.Equal(["Conv", "Conv"], Rewrites.Ops(Rewrites.Check(sketch.Build(), OneMoreRounding, Pass).After).Order());
    }

    [Fact]
    public void Apply_ConvolutionThatIsAnOutput_Stays() => AssertStays(Convolution().Output("a"), "'a' is read elsewhere too");

    [Fact]
    public void Apply_ConvolutionThatASubgraphReads_Stays() => AssertStays(Convolution().Captures("a"), "'a' is read elsewhere too");

    [Fact]
    public void Apply_ConvolutionThatAnotherNodeReads_Stays() => AssertStays(Convolution().Node("Neg", "a", "z").Output("z"), "'a' is read elsewhere too");

    [Fact]
    public void Apply_ParameterThatCallersMayOverride_Stays() => AssertStays(Convolution().Input("gamma", 6), "its parameters are not 6 constants each");

    [Fact]
    public void Apply_MatMulOfThreeDimensions_Stays()
    {
        var sketch = Statistics(new GraphSketch().Input("x", -1, 6, 4).Random("w", -1, 1, 4, 6)).Node("MatMul", "x,w", "a");
        AssertStays(sketch, "its channels are not the last dimension of two");
    }

    [Fact]
    public void Apply_MatMulOfAnUnknownRank_Stays()
    {
        var sketch = Statistics(Ranks.Unknown(new GraphSketch()).Random("w", -1, 1, 6, 6)).Node("MatMul", "unknown,w", "a").Node("BatchNormalization", "a,gamma,beta,mean,var", "y").Output("y");
        var model = Bits.Import(sketch.Build());
        Assert.Contains("its channels are not the last dimension of two", Pass.Apply(model)); // which dimension they are depends on the inputs, so there are no answers to compare
        Assert.Contains("BatchNormalization", Rewrites.Ops(model));
    }

    [Fact]
    public void Apply_FactorOverFloat32_Stays() =>
        AssertStays(Convolution(scale: 3e38f), "the folded weights would leave the range of float32");

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var (after, said) = Rewrites.Check(sketch.Node("BatchNormalization", "a,gamma,beta,mean,var", "y").Output("y").Build(), 0, Pass);
        Assert.Contains(reason, said);
        Assert.Contains("BatchNormalization", Rewrites.Ops(after));
    }

    private static GraphSketch Convolution(float scale = 1) => Statistics(new GraphSketch().Input("x", -1, 4, 8, 8).Random("w", -scale, scale, 6, 4, 3, 3)).Node("Conv", "x,w", "a");

    private static GraphSketch Statistics(GraphSketch sketch) =>
        sketch.Random("gamma", 0.5, 2, 6).Random("beta", -1, 1, 6).Random("mean", -1, 1, 6).Random("var", 0.1, 0.2, 6);
}
