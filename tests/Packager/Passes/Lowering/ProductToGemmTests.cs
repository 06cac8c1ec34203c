using EdgeRuntime.Packaging.Passes.Lowering;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Lowering;

public sealed class ProductToGemmTests
{
    private const int Depth = 64, Columns = 96;

    /// <summary>The same sums in another order: each of 64 additions rounds to 2^-24 of a partial sum, which is at most 64 times a product's magnitude.</summary>
    private const double Reordered = Depth / 16777216.0 * Depth;

    private static RewritePass Pass => new("lower", [new ProductToGemm()], needsFacts: true);

    [Fact]
    public void Product_OfTwoDimensions_IsAGemm() => Assert.Equal(["Gemm"], Lowered(Layer([-1, Depth], [Columns]).Output("y")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Product_OfKnownSizes_IsAGemmBetweenReshapes(bool biasFirst) =>
        Assert.Equal(["Reshape", "Gemm", "Reshape"], Lowered(Layer([2, 3, Depth], [1, Columns], biasFirst).Output("y")));

    [Fact]
    public void Product_SizesThatVary_Stays() => AssertStays(Layer([-1, -1, Depth], [Columns]).Output("y"), "a size of 'x' varies");

    [Fact]
    public void Product_UnknownRank_Stays() =>
        AssertStays(Ranks.Unknown(new GraphSketch()).Random("w", -1, 1, 6, 1000).Random("b", -1, 1, 1000).Node("MatMul", "unknown,w", "m").Node("Add", "m,b", "y").Output("y"), "how many dimensions 'unknown' has is not known");

    [Fact]
    public void Product_ReadElsewhere_Stays() => AssertStays(Layer([4, Depth], [Columns]).Node("Neg", "m", "z").Output("y").Output("z"), "'m' is read elsewhere too");

    [Fact]
    public void Product_ThatIsAnOutput_Stays() => AssertStays(Layer([4, Depth], [Columns]).Output("y").Output("m"), "'m' is read elsewhere too");

    [Fact]
    public void Product_ThatASubgraphReads_Stays() => AssertStays(Layer([4, Depth], [Columns]).Captures("m").Output("y"), "'m' is read elsewhere too");

    [Fact]
    public void Sum_OfMoreThanAColumn_Stays() => AssertStays(Layer([4, Depth], [4, Columns]).Output("y"), "is not one number for each of 96 columns");

    [Fact]
    public void Weights_ReadElsewhere_AreTheSameOnesThere() =>
        Assert.Equal(["Gemm", "MatMul"], Lowered(Layer([4, Depth], [Columns]).Node("MatMul", "x,w", "z").Output("y").Output("z")).Order(StringComparer.Ordinal));

    [Fact]
    public void Bias_ReadElsewhere_IsTheSameOneThere() =>
        Assert.Equal(["Gemm", "Neg"], Lowered(Layer([4, Depth], [Columns]).Node("Neg", "b", "z").Output("y").Output("z")).Order(StringComparer.Ordinal));

    [Fact]
    public void Weights_ThatCallersMayOverride_Stay() => AssertStays(Layer([4, Depth], [Columns]).Input("w", Depth, Columns).Output("y"), "");

    private static GraphSketch Layer(long[] shape, long[] bias, bool biasFirst = false) => new GraphSketch().Input("x", shape).Random("w", -1, 1, Depth, Columns).Random("b", -1, 1, bias)
        .Node("MatMul", "x,w", "m").Node("Add", biasFirst ? "b,m" : "m,b", "y");

    private static IReadOnlyList<string> Lowered(GraphSketch sketch) => Rewrites.Ops(Rewrites.Check(sketch.Build(), Reordered, Pass).After);

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var model = sketch.Build();
        var (after, said) = Rewrites.Check(model, 0, Pass);
        Assert.Equal(Rewrites.Ops(Bits.Import(model)), Rewrites.Ops(after));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }
}
