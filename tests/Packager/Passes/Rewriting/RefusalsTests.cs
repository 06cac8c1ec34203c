using EdgeRuntime.Packaging.Passes.Rewriting;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Rewriting;

public sealed class RefusalsTests
{
    [Fact]
    public void ToString_ReasonsThatDifferInNamesAlone_AreCounted()
    {
        var refusals = new Refusals();
        refusals.Add("FoldPad", "p", "'a' is an output of the graph");
        refusals.Add("FoldAffine", "m1", "'a' is read by Conv 'c' too");
        refusals.Add("FoldAffine", "m2", "its factor varies");
        refusals.Add("FoldAffine", "m3", "'b' is read by Conv 'd' too");
        Assert.Equal("2 FoldAffine of 'm1' and others: 'a' is read by Conv 'c' too; FoldAffine of 'm2': its factor varies; FoldPad of 'p': 'a' is an output of the graph", refusals.ToString());
        Assert.Equal(4, refusals.Count);
    }

    [Fact]
    public void ToString_OfAnotherOp_IsAnotherReason()
    {
        var refusals = new Refusals();
        refusals.Add("FoldAffine", "m1", "'a' is read by Conv 'c' too");
        refusals.Add("FoldAffine", "m2", "'a' is read by Mul 'c' too");
        Assert.Equal("FoldAffine of 'm1': 'a' is read by Conv 'c' too; FoldAffine of 'm2': 'a' is read by Mul 'c' too", refusals.ToString());
    }
}
