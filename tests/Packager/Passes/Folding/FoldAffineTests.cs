using EdgeRuntime.Packaging.Passes.Folding;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Folding;

public sealed class FoldAffineTests
{
    /// <summary>A product is rounded once more, to 2^-24 of itself, before at most 36 of them are summed; the sums cancel to a quarter of their terms at worst here.</summary>
    private const double OneMoreRounding = 36 * 4 / 16777216.0;

    private static RewritePass Pass => new("fold", [new FoldAffine()], needsFacts: true);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var op in new[] { "Conv", "ConvTranspose", "Gemm" })
                foreach (var affine in new[] { "Mul", "Div", "Add", "Sub" }) data.Add(op, affine);
            data.Add("MatMul", "Mul");
            data.Add("MatMul", "Div");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_OneNumberPerChannel_BecomesOneNode(string op, string affine)
    {
        var sketch = Linear(op).Random("c", 0.5, 2, op is "Conv" or "ConvTranspose" ? [6, 1, 1] : [6]).Node(affine, "a,c", "y").Output("y");
        Assert.Equal([op], Rewrites.Ops(Rewrites.Check(sketch.Build(), OneMoreRounding, Pass).After));
    }

    [Theory]
    [InlineData("Mul")]
    [InlineData("Add")]
    public void Apply_NumberOnTheLeft_BecomesOneNode(string affine) =>
        Assert.Equal(["Conv"], Rewrites.Ops(Rewrites.Check(Linear("Conv").Floats("c", [], 0.7f).Node(affine, "c,a", "y").Output("y").Build(), OneMoreRounding, Pass).After));

    [Fact]
    public void Apply_ScaleAndShift_BecomeOneNode()
    {
        var sketch = Linear("Conv").Random("c", 0.5, 2, 1, 6, 1, 1).Random("d", 0.5, 2, 1, 6, 1, 1).Node("Mul", "a,c", "m").Node("Add", "m,d", "y").Output("y");
        Assert.Equal(["Conv"], Rewrites.Ops(Rewrites.Check(sketch.Build(), OneMoreRounding, Pass).After));
    }

    [Fact]
    public void Apply_OneNumberPerPixel_Stays() =>
        AssertStays(Linear("Conv").Random("c", 0.5, 2, 6, 6).Node("Mul", "a,c", "y").Output("y"), "is not one number for each of 6 channels");

    [Fact]
    public void Apply_ConstantOfMoreDimensions_Stays() =>
        AssertStays(Linear("Gemm").Random("c", 0.5, 2, 1, 1, 6).Node("Mul", "a,c", "y").Output("y"), "is not one number for each of 6 channels");

    [Fact]
    public void Apply_ConstantMinusValue_IsNoMatch() => AssertStays(Linear("Conv").Floats("c", [], 1).Node("Sub", "c,a", "y").Output("y"), "");

    [Fact]
    public void Apply_DivisionByZero_Stays() =>
        AssertStays(Linear("Conv").Floats("c", [], 0).Node("Div", "a,c", "y").Output("y"), "the folded weights would leave the range of float32");

    [Fact]
    public void Apply_ValueThatIsAnOutput_Stays() => AssertStays(Linear("Conv").Floats("c", [], 2).Node("Mul", "a,c", "y").Output("a").Output("y"), "'a' is read elsewhere too");

    [Fact]
    public void Apply_ValueThatASubgraphReads_Stays() => AssertStays(Linear("Conv").Floats("c", [], 2).Node("Mul", "a,c", "y").Output("y").Captures("a"), "'a' is read elsewhere too");

    [Fact]
    public void Apply_WeightsReadElsewhere_Stay() =>
        AssertStays(Linear("Conv").Node("Conv", "x,w", "z").Output("z").Floats("c", [], 2).Node("Mul", "a,c", "y").Output("y"), "its weights 'w' are read elsewhere too");

    [Fact]
    public void Apply_WeightsThatASubgraphReads_Stay() =>
        AssertStays(Linear("Gemm").Floats("c", [], 2).Node("Mul", "a,c", "y").Output("y").Captures("w"), "its weights 'w' are read elsewhere too");

    [Fact]
    public void Apply_ConstantReadElsewhere_KeepsItsValueThere()
    {
        var sketch = Linear("Conv").Floats("c", [], 2).Node("Mul", "a,c", "y").Node("Mul", "x,c", "z").Output("y").Output("z");
        Assert.Equal(["Conv", "Mul"], Rewrites.Ops(Rewrites.Check(sketch.Build(), OneMoreRounding, Pass).After).Order());
    }

    [Fact]
    public void Apply_ConstantThatCallersMayOverride_IsNoMatch()
    {
        var sketch = Linear("Conv").Floats("c", [], 2).Node("Mul", "a,c", "y").Output("y").Input("c");
        AssertStays(sketch, "");
    }

    [Fact]
    public void Apply_MatMulOfAnUnknownRank_TakesNoConstantOfDimensions()
    {
        var sketch = Ranks.Unknown(new GraphSketch()).Random("w", -1, 1, 6, 6).Random("c", 0.5, 2, 1, 6).Node("MatMul", "unknown,w", "a").Node("Mul", "a,c", "y").Output("y");
        AssertStays(sketch, "is not one number for each of 6 channels");
    }

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var count = sketch.Graph.Node.Count;
        var (after, said) = Rewrites.Check(sketch.Build(), 0, Pass);
        Assert.Contains(reason, said);
        Assert.Equal(count, after.Graph.Node.Count);
    }

    private static GraphSketch Linear(string op) => op switch
    {
        "Conv" => new GraphSketch().Input("x", -1, 4, 8, 8).Random("w", -1, 1, 6, 4, 3, 3).Random("b", -1, 1, 6).Node(op, "x,w,b", "a"),
        "ConvTranspose" => new GraphSketch().Input("x", -1, 4, 8, 8).Random("w", -1, 1, 4, 6, 3, 3).Node(op, "x,w", "a"),
        "Gemm" => new GraphSketch().Input("x", -1, 4).Random("w", -1, 1, 4, 6).Random("b", -1, 1, 6).Node(op, "x,w,b", "a"),
        _ => new GraphSketch().Input("x", -1, 3, 4).Random("w", -1, 1, 4, 6).Node(op, "x,w", "a"),
    };
}
