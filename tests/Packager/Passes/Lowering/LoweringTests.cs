using EdgeRuntime.Packaging.Passes.Lowering;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Lowering;

public sealed class LoweringTests
{
    /// <summary>A sum and two products are each rounded to 2^-24 of operands that are at most 4 times the result's magnitude.</summary>
    private const double FewRoundings = 12 / 16777216.0;

    private static RewritePass Pass => new("lower", [new MaxToClip(), new LowerHardSigmoid(), new LowerHardSwish(), new FloorGated()], needsFacts: true);

    [Fact]
    public void HardSwish_BehindAConvolution_IsProductsAndClips()
    {
        var ops = Lowered(Conv().Node("HardSwish", "c", "y").Output("y"));
        Assert.Equal(["Conv", "Clip", "Add", "Clip", "Mul", "Mul"], ops);
    }

    [Fact]
    public void HardSwish_BehindNoConvolution_Stays() =>
        AssertStays(new GraphSketch().Input("x", 1, 4).Node("HardSwish", "x", "y").Output("y"), "no output of a layer that is quantized");

    [Theory]
    [InlineData(0.2f, 0.5f)]
    [InlineData(1 / 6f, 0.5f)]
    public void HardSigmoid_BehindAConvolution_IsASumAClipAndAFactor(float alpha, float beta) =>
        Assert.Equal(["Conv", "Add", "Clip", "Mul"], Lowered(Conv().Node("HardSigmoid", "c", "y", ("alpha", alpha), ("beta", beta)).Output("y")));

    [Fact]
    public void HardSigmoid_FallingSlope_Stays() => AssertStays(Conv().Node("HardSigmoid", "c", "y", ("alpha", -1f)).Output("y"), "alpha -1");

    [Fact]
    public void Gated_InItsParts_GetsAFloor()
    {
        var ops = Lowered(Gated().Output("y"));
        Assert.Equal(["Conv", "Clip", "Add", "Clip", "Mul", "Div"], ops);
    }

    [Theory]
    [InlineData("c")] // the value itself
    [InlineData("t")] // its sum
    [InlineData("g")] // its gate
    public void Gated_ReadElsewhere_Stays(string read)
    {
        var (after, said) = Rewrites.Check(Gated().Node("Neg", read, "z").Output("y").Output("z").Build(), FewRoundings, Pass);
        Assert.Equal(1, Rewrites.Ops(after).Count(op => op == "Clip"));
        Assert.Contains("read elsewhere too", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c")]
    [InlineData("g")]
    public void Gated_ReadByASubgraph_Stays(string read) => AssertStays(Gated().Captures(read).Output("y"), "read elsewhere too");

    [Fact]
    public void Gated_ValueIsAnOutput_Stays() => AssertStays(Gated().Output("y").Output("c"), "read elsewhere too");

    [Theory]
    [InlineData("Max", 3)]
    [InlineData("Min", 3)]
    public void Limit_OneNumber_BecomesAClip(string op, int rank)
    {
        var shape = Enumerable.Repeat(1L, rank).ToArray();
        Assert.Equal(["Clip"], Lowered(new GraphSketch().Input("x", 2, 3, 4).Floats("c", shape, 0.25f).Node(op, "x,c", "y").Output("y")));
    }

    [Fact]
    public void Limit_OfMoreDimensions_Stays() =>
        Assert.Equal(["Max"], Lowered(new GraphSketch().Input("x", 4).Floats("c", [1, 1], 0.25f).Node("Max", "x,c", "y").Output("y")));

    [Fact]
    public void Limit_OfSeveralNumbers_Stays() =>
        Assert.Equal(["Max"], Lowered(new GraphSketch().Input("x", 2, 2).Floats("c", [2], 0.25f, 0.5f).Node("Max", "x,c", "y").Output("y")));

    private static GraphSketch Conv() => new GraphSketch().Input("x", 1, 3, 6, 6).Random("w", -1, 1, 8, 3, 3, 3).Random("b", -1, 1, 8).Node("Conv", "x,w,b", "c");

    // y = c Clip(c + 3, 0, 6) / 6
    private static GraphSketch Gated() => Conv().Floats("three", [], 3).Floats("zero", [], 0).Floats("six", [], 6)
        .Node("Add", "c,three", "t").Node("Clip", "t,zero,six", "g").Node("Mul", "c,g", "p").Node("Div", "p,six", "y");

    private static IReadOnlyList<string> Lowered(GraphSketch sketch) => Rewrites.Ops(Rewrites.Check(sketch.Build(), FewRoundings, Pass).After);

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var model = sketch.Build();
        var (after, said) = Rewrites.Check(model, 0, Pass);
        Assert.Equal(Rewrites.Ops(Bits.Import(model)), Rewrites.Ops(after));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }
}
