using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Graphs;

public sealed class GraphFactsTests
{
    [Fact]
    public void Of_Sequence_IsUnknownAndTheRestIsKnown()
    {
        var model = Bits.Import(new GraphSketch().Input("x", 2, 3).LongsOf("first", [], 0).Node("Neg", "x", "n").Node("SequenceConstruct", "x,n", "s").Node("SequenceAt", "s,first", "a").Node("Neg", "a", "y").Output("y").Build());
        var facts = GraphFacts.Of(model);
        Assert.DoesNotContain("s", facts.Keys);
        Assert.Equal([2, 3], facts["n"].Shape);
        Assert.True(facts["y"].IsFloat);
    }
}
