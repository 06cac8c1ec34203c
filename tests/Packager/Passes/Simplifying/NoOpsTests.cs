using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes.Simplifying;

public sealed class NoOpsTests
{
    private static RewritePass Pass => new("no-ops", [new NoOps()], needsFacts: true);

    public static TheoryData<string> Copies => new("Identity", "Dropout", "Cast", "Transpose", "Concat", "Reshape", "Flatten");

    [Theory]
    [MemberData(nameof(Copies))]
    public void Apply_CopyInTheMiddle_IsGone(string op)
    {
        var sketch = Copy(new GraphSketch().Input("x", 2, 3).Node("Relu", "x", "a"), op, "a", "b").Node("Neg", "b", "y").Output("y");
        Assert.Equal(["Relu", "Neg"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, Pass).After));
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void Apply_CopyThatIsTheOutput_GivesItsNameToTheNodeBefore(string op)
    {
        var sketch = Copy(new GraphSketch().Input("x", 2, 3).Node("Relu", "x", "a"), op, "a", "y").Output("y");
        Assert.Equal(["Relu"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, Pass).After));
    }

    [Fact]
    public void Apply_ChainOfCopies_IsGone()
    {
        var sketch = new GraphSketch().Input("x", 2, 3).Node("Identity", "x", "a").Node("Identity", "a", "b").Node("Relu", "b", "c").Node("Identity", "c", "d").Node("Identity", "d", "y").Output("y");
        Assert.Equal(["Relu"], Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, Pass).After));
    }

    [Fact]
    public void Apply_InputThatIsAnOutput_Stays()
    {
        var (after, said) = Rewrites.Check(new GraphSketch().Input("x", 2, 3).Node("Identity", "x", "y").Output("y").Build(), 0, Pass);
        Assert.Equal(["Identity"], Rewrites.Ops(after));
        Assert.Contains("'y' is an output of the graph and 'x' is no node's", said);
    }

    [Fact]
    public void Apply_OutputWhoseSourceOthersRead_Stays()
    {
        var (_, said) = Rewrites.Check(new GraphSketch().Input("x", 2, 3).Node("Relu", "x", "a").Node("Identity", "a", "y").Node("Neg", "a", "z").Output("y").Output("z").Build(), 0, Pass);
        Assert.Contains("'a' is read by others too", said);
    }

    [Fact]
    public void Apply_CopyThatASubgraphReads_Stays()
    {
        var (_, said) = Rewrites.Check(new GraphSketch().Input("x", 2, 3).Node("Identity", "x", "a").Captures("a").Build(), 0, Pass);
        Assert.Contains("'a' is read by a subgraph", said);
    }

    [Fact]
    public void Apply_CopyOfAnInitializerThatOthersReadToo_ReadsItThere()
    {
        var sketch = new GraphSketch().Input("x", 2, 3).Random("w", -1, 1, 2, 3).Node("Identity", "w", "copy").Node("Add", "x,copy", "y").Node("Sub", "x,w", "z").Output("y").Output("z");
        var (after, _) = Rewrites.Check(sketch.Build(), 0, Pass);
        Assert.Equal(["Add", "Sub"], Rewrites.Ops(after));
        Assert.Equal("w", Assert.Single(after.Graph.Initializer).Name);
    }

    [Fact]
    public void Apply_CopyOfAnInitializerThatIsTheOutput_Stays() =>
        Assert.Contains("'y' is an output of the graph and 'w' is no node's", Rewrites.Check(new GraphSketch().Input("x", 2).Random("w", -1, 1, 2).Node("Identity", "w", "y").Output("y").Build(), 0, Pass).Said);

    [Fact]
    public void Apply_OutputOfANodeWithASubgraph_Stays()
    {
        var sketch = new GraphSketch().Input("x", 2, 3).Captures("x");
        sketch.Graph.Output.Clear();
        Assert.Equal(["If", "Identity"], Rewrites.Ops(Rewrites.Check(sketch.Node("Identity", "z", "y").Output("y").Build(), 0, Pass).After));
    }

    [Fact]
    public void Apply_DropoutWhoseMaskIsRead_Stays()
    {
        var sketch = new GraphSketch().Input("x", 2, 3).Node("Dropout", "x", "a,mask").Node("Neg", "a", "y").Node("Cast", "mask", "m", ("to", (int)DataType.Float)).Output("y").Output("m");
        Assert.Contains("Dropout", Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, Pass).After));
    }

    [Fact]
    public void Apply_ReshapeOfADynamicSize_Stays()
    {
        var sketch = new GraphSketch().Input("x", -1, 3).Longs("shape", 1, 3).Node("Relu", "x", "a").Node("Reshape", "a,shape", "b").Node("Neg", "b", "y").Output("y");
        Assert.Contains("Reshape", Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, Pass).After));
    }

    [Fact]
    public void Apply_SqueezeOfAnUnknownRank_Stays()
    {
        var sketch = Ranks.Unknown(new GraphSketch()).Longs("wanted", 1, 1, -1).Node("Reshape", "unknown,wanted", "a").Node("Squeeze", "a", "b").Node("Squeeze", "unknown", "c").Node("Neg", "c", "y").Node("Neg", "b", "z").Output("y").Output("z");
        Assert.Equal(3, Rewrites.Ops(Rewrites.Check(sketch.Build(), 0, Pass).After).Count(op => op == "Squeeze"));
    }

    [Fact]
    public void Apply_DropoutThatTrains_Stays()
    {
        var sketch = new GraphSketch().Input("x", 2, 3).Input("training", DataType.Bool).Node("Dropout", "x,,training", "a").Node("Neg", "a", "y").Output("y");
        var model = Bits.Import(sketch.Build());
        Pass.Apply(model); // it drops by chance, so there are no answers to compare
        Assert.Contains("Dropout", Rewrites.Ops(model));
    }

    private static GraphSketch Copy(GraphSketch sketch, string op, string from, string to) => op switch
    {
        "Cast" => sketch.Node(op, from, to, ("to", (int)DataType.Float)),
        "Transpose" => sketch.Node(op, from, to, ("perm", new long[] { 0, 1 })),
        "Reshape" => sketch.Longs("shape", 2, -1).Node(op, $"{from},shape", to),
        "Concat" => sketch.Node(op, from, to, ("axis", 0)),
        _ => sketch.Node(op, from, to),
    };
}
