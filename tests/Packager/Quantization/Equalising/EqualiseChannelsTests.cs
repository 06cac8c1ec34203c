using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Quantization.Equalising;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Equalising;

public sealed class EqualiseChannelsTests
{
    private const int Channels = 8, Size = 12;

    private static readonly Int8Rules Rules = Target.Load("x86-avx2").Int8;

    public static TheoryData<string> Between => ["Relu", "LeakyRelu", "MaxPool", "AveragePool", ""];

    /// <summary>Scales are powers of two, which no product or sum rounds: the same bits.</summary>
    [Theory]
    [MemberData(nameof(Between))]
    public void Apply_ChannelsOfManySizes_AnswersBitForBitInFloat(string op)
    {
        var net = Stem(Size).Through(op).Random("w2", -0.5, 0.5, Channels, 1, 3, 3).Node("Conv", "a,w2", "d", ("group", Channels)).Random("w3", -0.5, 0.5, 4, Channels, 1, 1).Node("Conv", "d,w3", "e").Node("Neg", "e", "y").Output("y");
        var (after, said) = Rewrites.Check(net.Build(), 0, Pass());
        Assert.StartsWith("2 of 2 pairs of convolutions", said, StringComparison.Ordinal);
        Assert.Contains(after.Graph.Node, node => node.Input.Contains("w3/equalised"));
    }

    [Fact]
    public void Apply_SizesThatVary_AnswersBitForBitInFloat() =>
        Assert.StartsWith("1 of 1 pairs", Rewrites.Check(Stem(-1).Through("Relu").Random("w2", -0.5, 0.5, 4, Channels, 1, 1).Node("Conv", "a,w2", "e").Node("Neg", "e", "y").Output("y").Build(), 0, Pass()).Said, StringComparison.Ordinal);

    [Fact]
    public void Apply_GroupsOfChannels_AnswersBitForBitInFloat() =>
        Assert.StartsWith("1 of 1 pairs", Rewrites.Check(Stem(Size).Through("Relu").Random("w2", -0.5, 0.5, 6, Channels / 2, 3, 3).Node("Conv", "a,w2", "e", ("group", 2)).Node("Neg", "e", "y").Output("y").Build(), 0, Pass()).Said, StringComparison.Ordinal);

    [Fact]
    public void Apply_ChannelsOfManySizes_HalvesTheErrorOfBytes()
    {
        var plain = Bits.Import(Depthwise().Build());
        var equalised = plain.Clone();
        Pass().Apply(equalised);
        var exact = new OutputError(Samples.Calibrator([1, 3, Size, Size]), plain);
        Assert.True(InBytes(equalised, exact) < 0.5 * InBytes(plain, exact));
    }

    [Fact]
    public void Apply_ChannelsOfOneSize_DoesNothing()
    {
        var net = new GraphSketch().Input("x", 1, 3, Size, Size).Random("w1", 0.5, 0.5, Channels, 3, 3, 3).Node("Conv", "x,w1", "a").Random("w2", 0.5, 0.5, 4, Channels, 1, 1).Node("Conv", "a,w2", "y").Output("y");
        Assert.Null(Pass().Apply(Bits.Import(net.Build())));
    }

    [Fact]
    public void Apply_Again_DoesWhatItDecided()
    {
        var (pass, one, other) = (Pass(), Bits.Import(Depthwise().Build()), Bits.Import(Depthwise().Build()));
        Assert.Equal(pass.Apply(one), pass.Apply(other));
        Assert.Equal(one.Proto, other.Proto);
    }

    public static TheoryData<string, string> Guards => new()
    {
        { "shared", "the weights 'w2' are read elsewhere too" },
        { "output", "'a' is an output of the graph" },
        { "subgraph", "a subgraph reads 'a'" },
        { "read twice", "'a' is not read by one node alone" },
        { "as weights", "Conv 'e/Conv' reads 'a' as a parameter" },
        { "weights not constant", "the weights of 'e/Conv' are no float32 constant" },
        { "bias not constant", "the bias of 'c/Conv' is no float32 constant" },
        { "clip", "Clip 'b/Clip' has a limit, which would be another for each channel" },
    };

    [Theory]
    [MemberData(nameof(Guards))]
    public void Apply_Guarded_StaysAndSaysWhy(string guard, string reason)
    {
        var model = Bits.Import(Guarded(guard).Build());
        var before = model.Proto.Clone();
        var view = new GraphView(model);
        var (pair, why) = ScaledPair.Of(view, view.Producer("c")!);
        Assert.Null(pair);
        Assert.Equal(reason, why);
        Assert.Null(Pass().Apply(model));
        Assert.Equal(before, model.Proto);
    }

    // y = Conv(w2, Relu(Conv(w1, x))), and what stands in the way.
    private static GraphSketch Guarded(string guard)
    {
        var net = Stem(Size);
        if (guard == "bias not constant") net = new GraphSketch().Input("x", 1, 3, Size, Size).Input("b1", Channels).Random("w1", -0.5, 0.5, Channels, 3, 3, 3).Node("Conv", "x,w1,b1", "c");
        net = guard == "clip" ? net.Floats("zero", [], 0).Floats("six", [], 6).Node("Clip", "c,zero,six", "b") : net.Node("Relu", "c", "a");
        if (guard == "weights not constant") net.Input("w2", Channels, Channels, 1, 1);
        else net.Random("w2", -0.5, 0.5, Channels, Channels, 1, 1);
        net.Node("Conv", guard == "as weights" ? "other,a" : guard == "clip" ? "b,w2" : "a,w2", "e").Node("Neg", "e", "y").Output("y");
        return guard switch
        {
            "shared" => net.Node("Neg", "w2", "z").Output("z"),
            "output" => net.Output("a"),
            "subgraph" => net.Captures("a"),
            "read twice" => net.Node("Neg", "a", "z").Output("z"),
            "as weights" => net.Input("other", 1, Channels, Size, Size),
            _ => net,
        };
    }

    // Behind channels of many sizes, weights that make up for them: all of them matter alike.
    private static GraphSketch Depthwise()
    {
        var net = Stem(Size).Node("Relu", "c", "a").Random("w2", -0.5, 0.5, Channels, 1, 3, 3);
        Scale(net, "w2", 4);
        return net.Node("Conv", "a,w2", "d", ("group", Channels)).Random("w3", -0.5, 0.5, 4, Channels, 1, 1).Node("Conv", "d,w3", "e").Node("Neg", "e", "y").Output("y");
    }

    // c = Conv(x), of whose channels each is 4 times as large as the next, up to 64 times.
    private static GraphSketch Stem(long size)
    {
        var net = new GraphSketch().Input("x", 1, 3, size, size).Random("w1", -0.5, 0.5, Channels, 3, 3, 3).Random("b1", -0.5, 0.5, Channels);
        foreach (var name in (string[])["w1", "b1"]) Scale(net, name, 0.25f);
        return net.Node("Conv", "x,w1,b1", "c");
    }

    private static void Scale(GraphSketch net, string name, float factor)
    {
        var tensor = net.Graph.Initializer.Single(tensor => tensor.Name == name);
        var values = TensorValues.Floats(new OnnxModel(new() { Graph = net.Graph }, ""), tensor);
        for (var i = 0; i < values.Length; i++) values[i] *= MathF.Pow(factor, i / (values.Length / Channels) % 4);
        tensor.RawData = TensorValues.Of(name, tensor.Dims, values.AsSpan()).RawData;
    }

    private static double InBytes(OnnxModel model, OutputError exact)
    {
        var rounded = model.Clone();
        Samples.Quantize(rounded, Rules, Samples.Calibrator([1, 3, Size, Size]));
        return exact.Of(rounded);
    }

    private static EqualiseChannels Pass() => new(Samples.Calibrator([1, 3, Size, Size]), Rules);
}

file static class Nets
{
    /// <summary>a = op(c), or c itself by another name.</summary>
    public static GraphSketch Through(this GraphSketch net, string op) => op switch
    {
        "MaxPool" or "AveragePool" => net.Node(op, "c", "a", ("kernel_shape", new long[] { 2, 2 })),
        "" => Renamed(net),
        _ => net.Node(op, "c", "a"),
    };

    private static GraphSketch Renamed(GraphSketch net)
    {
        net.Graph.Node[^1].Output[0] = "a";
        return net;
    }
}
