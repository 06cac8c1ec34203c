using EdgeRuntime.Packaging.Passes.Folding;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Folding;

public sealed class FoldPadTests
{
    /// <summary>27 products of inputs and weights up to 1 may be summed in another order.</summary>
    private const double OtherOrder = 27 * 4 / 16777216.0;

    private static RewritePass Pass => new("fold", [new FoldPad()], needsFacts: true);

    [Fact]
    public void Pad_OfZeros_IsTheConvolutionsOwn() =>
        Assert.Equal(["Conv"], Rewrites.Ops(Rewrites.Check(Net([0, 0, 0, 1, 0, 0, 1, 2]).Output("y").Build(), OtherOrder, Pass).After));

    [Theory]
    [InlineData(0, 1, 0, 0, "pads batch or channels")]
    [InlineData(0, 0, -1, 0, "pads batch or channels, or cuts")]
    public void Pad_OfChannelsOrCutting_Stays(long batch, long channels, long height, long width, string reason) =>
        AssertStays(Net([batch, 0, height, width, 0, channels, 0, 0], channels: 3 + (int)channels).Output("y"), reason);

    [Fact]
    public void Pad_OfOnes_Stays() => AssertStays(Net([0, 0, 1, 1, 0, 0, 1, 1], value: 1).Output("y"), "pads with something other than 0");

    [Fact]
    public void Pad_Reflecting_Stays() => AssertStays(Net([0, 0, 1, 1, 0, 0, 1, 1], mode: "reflect").Output("y"), "pads with something other than 0");

    [Fact]
    public void Pad_IsAnOutput_Stays() => AssertStays(Net([0, 0, 1, 1, 0, 0, 1, 1]).Output("y").Output("p"), "read elsewhere too");

    [Fact]
    public void Pad_ReadByASubgraph_Stays() => AssertStays(Net([0, 0, 1, 1, 0, 0, 1, 1]).Captures("p").Output("y"), "read elsewhere too");

    private static GraphSketch Net(long[] pads, float value = 0, string mode = "constant", int channels = 3) => new GraphSketch().Input("x", 1, 3, 6, 6)
        .Longs("pads", pads).Floats("value", [], value).Random("w", -1, 1, 4, channels, 3, 3)
        .Node("Pad", "x,pads,value", "p", ("mode", mode)).Node("Conv", "p,w", "y", ("pads", new long[] { 1, 1, 1, 1 }));

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var (after, said) = Rewrites.Check(sketch.Build(), 0, Pass);
        Assert.Contains("Pad", Rewrites.Ops(after));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }
}
