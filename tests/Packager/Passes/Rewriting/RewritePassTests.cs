using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes.Rewriting;

public sealed class RewritePassTests
{
    private static byte[] Model => new GraphSketch().Input("x", 2, 3).Node("Relu", "x", "a").Node("Neg", "a", "y").Output("y").Build();

    [Theory]
    [InlineData("Relu", "Relu")]
    [InlineData("Relu", "Neg")]
    public void Apply_RulesThatNeverSettle_NamesOne(string one, string other)
    {
        var pass = new RewritePass("endless", [new Exchange(one, other), new Exchange(other, one)]);
        var message = Assert.Throws<PackagerException>(() => pass.Apply(Bits.Import(Model))).Message;
        Assert.StartsWith($"rule {one}-to-{other} does not settle: 17 patches, the last at ", message);
        Assert.EndsWith("are over the 16 of a graph of 2 nodes", message);
    }

    [Fact]
    public void Apply_RuleThatSettles_IsCounted()
    {
        var model = Bits.Import(Model);
        Assert.Equal("1 Relu-to-Abs", new RewritePass("once", [new Exchange("Relu", "Abs")]).Apply(model));
        Assert.Equal(["Abs", "Neg"], Rewrites.Ops(model));
    }

    private sealed class Exchange(string from, string to) : IRewriteRule
    {
        public string Name => $"{from}-to-{to}";

        public RewriteResult Match(GraphView view, NodeProto node) =>
            node.Is(from) ? new Patch { Removed = [node], Added = [NodeFacts.Make(to, node.Input, node.Output[0])] } : RewriteResult.NoMatch;
    }
}
