using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Commands;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Folding;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Passes.Lowering;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization;

public sealed class QuantizeGraphTests
{
    private const int Channels = 8, Size = 12;

    // Of the largest magnitude: x, the convolution's and the sum's outputs are each off by half of 255 steps, the weights by half of 64; products sum such errors up, of both signs.
    private const double Tolerance = 0.05;

    // One more rounding of bytes between two convolutions, of values that gates make small beside their range.
    private const double BetweenTolerance = 0.08;

    // As with noise of 6 % of the values' magnitude: what is cut off may be a sixth of a value, of one in hundreds.
    private const double LeastCosine = 0.998;

    [Theory]
    [InlineData("x86-avx2", false, 1)]
    [InlineData("arm64-generic", false, 1)]
    [InlineData("jetson-orin-nano", true, 0)] // bytes around 0 do not clip below it, and what is left float in between is no sum of bytes
    public void Apply_ConvolutionAndActivation_AnswersAlike(string target, bool stays, int sums)
    {
        var (after, said) = Rewrites.Check(Net(), Tolerance, Pass(target));
        Assert.Equal(stays, Rewrites.Ops(after).Contains("Relu"));
        Assert.Contains(sums == 0 ? "2 Conv in 8 bits" : "1 Add, 2 Conv in 8 bits", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_OldOpset_TakesOnnxRuntimesOwnOps()
    {
        var (after, _) = Rewrites.Check(Net(opset: 11), Tolerance, Pass("x86-avx2"));
        Assert.All(after.Graph.Node.Where(node => node.OpType.EndsWith("quantizeLinear", StringComparison.OrdinalIgnoreCase)), node => Assert.Equal("com.microsoft", node.Domain));
    }

    [Fact]
    public void DynamicBytes_NothingToChange_RefusesOnlyWhereItIsAskedFor()
    {
        var model = Bits.Import(Net());
        Assert.Throws<PackagerException>(() => new DynamicBytes(pairsMustFit: true).Apply(model));
        Assert.Null(new DynamicBytes(pairsMustFit: true, isOptional: true).Apply(model));
    }

    public static TheoryData<string> Shapes => [.. Nets.Keys];

    /// <summary>What stands between convolutions is computed in bytes, in ONNX Runtime's integer kernels, and answers alike.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Apply_WhatStandsBetween_IsFusedAndAnswersAlike(string shape)
    {
        var (build, kernel) = Nets[shape];
        var sketch = build(Stem()).Random("w9", -0.3, 0.3, 4, Channels, 1, 1).Node("Conv", "m,w9", "last").Node("Neg", "last", "y").Output("y");
        IPass[] passes = [new RewritePass("lower", [new MaxToClip(), new LowerHardSigmoid(), new LowerHardSwish(), new FloorGated(), new FoldAffine()], needsFacts: true), Pass("x86-avx2"), new DropDead()];
        var (after, _) = Rewrites.Check(sketch.Build(), BetweenTolerance, passes);
        using var workshop = new Workshop();
        var audit = GraphAudit.Of(Bits.Export(after, workshop["made"]), workshop["audit"]);
        Assert.StartsWith("Neg", Assert.Single(audit.Unfused), StringComparison.Ordinal); // the only op that has no integer kernel
        Assert.True(kernel.Length == 0 || audit.Operators.ContainsKey(kernel), string.Join(", ", audit.Operators.Keys));
    }

    [Theory]
    [InlineData("minmax")]
    [InlineData("percentile")]
    [InlineData("percentile:99.9")]
    [InlineData("entropy")]
    [InlineData("mse")]
    public void Apply_AnyWayToChooseRanges_AnswersAlike(string method)
    {
        using var workshop = new Workshop();
        var before = workshop.Write("net.onnx", Net());
        foreach (var target in (string[])["x86-avx2", "jetson-orin-nano"])
        {
            var made = Bits.Import(Net());
            Assert.Contains("2 Conv in 8 bits", Pass(target, method: RangeMethods.Find(method)!).Apply(made), StringComparison.Ordinal);
            var after = Bits.Export(made, workshop[target]);
            for (var sample = 0; sample < 3; sample++)
                foreach (var (one, other) in Bits.Answer(before, sample).Zip(Bits.Answer(after, sample))) Assert.InRange(Bits.Agreement(one, other).Cosine, LeastCosine, 1);
        }
    }

    /// <summary>Products and sums with one number are the same bytes with another scale and zero: no node is left of them.</summary>
    [Fact]
    public void Apply_AffineBehindAProduct_CostsNothing()
    {
        var (after, said) = Rewrites.Check(Stem().Random("w3", -0.3, 0.3, Channels, Channels, 1, 1).Node("Conv", "a,w3", "g").Node("Mul", "a,g", "p")
            .Floats("s", [1], 0.5f).Floats("o", [1], -0.75f).Node("Mul", "s,p", "ps").Node("Add", "ps,o", "m")
            .Random("w9", -0.3, 0.3, 4, Channels, 3, 3).Node("Conv", "m,w9", "last", ("pads", new long[] { 1, 1, 1, 1 })).Node("Neg", "last", "y").Output("y").Build(), BetweenTolerance, Pass("x86-avx2"));
        Assert.Contains("2 nodes in scales and zeros", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Add", Rewrites.Ops(after));
    }

    [Fact]
    public void Apply_ResidualForTensorRt_QuantizesTheIdentityBranchOnly()
    {
        var net = new GraphSketch().Input("x", 1, 16, Size, Size).Random("w1", -0.2, 0.2, 16, 16, 3, 3).Random("w2", -0.2, 0.2, 16, 16, 3, 3).Random("w3", -0.2, 0.2, 16, 16, 1, 1)
            .Node("Conv", "x,w1", "c", ("pads", new long[] { 1, 1, 1, 1 })).Node("Conv", "c,w2", "d", ("pads", new long[] { 1, 1, 1, 1 })).Node("Add", "c,d", "s").Node("Conv", "s,w3", "e").Node("Neg", "e", "y").Output("y").Build();
        var (after, _) = Rewrites.Check(net, Tolerance, Pass("jetson-orin-nano", 16));
        var sum = after.Graph.Node.Single(node => node.OpType == "Add");
        var makers = sum.Input.Select(input => after.Graph.Node.Single(node => node.Output.Contains(input)).OpType).Order(StringComparer.Ordinal);
        Assert.Equal(["Conv", "DequantizeLinear"], makers);
    }

    [Fact]
    public void Apply_LayersHandedBack_AreFloatAndAnswerNoWorse()
    {
        var model = Net();
        var (all, _) = Rewrites.Check(model, Tolerance, Pass("x86-avx2"));
        var (some, said) = Rewrites.Check(model, Tolerance, Pass("x86-avx2", handedBack: 0.5));
        Assert.Contains("kept float for its error", said, StringComparison.Ordinal);
        Assert.True(Rewrites.Ops(some).Count(op => op == "QuantizeLinear") < Rewrites.Ops(all).Count(op => op == "QuantizeLinear"));
    }

    // a = Relu(conv(x)) of 8 channels; each net makes m of it.
    private static GraphSketch Stem() => new GraphSketch().Input("x", 1, 3, Size, Size).Random("w1", -0.5, 0.5, Channels, 3, 3, 3).Random("b1", -0.5, 0.5, Channels).Node("Conv", "x,w1,b1", "c").Node("Relu", "c", "a");

    private static readonly Dictionary<string, (Func<GraphSketch, GraphSketch> Build, string Kernel)> Nets = new(StringComparer.Ordinal)
    {
        ["hard swish"] = (net => net.Random("w2", -0.5, 0.5, Channels, Channels, 1, 1).Node("Conv", "a,w2", "d").Node("HardSwish", "d", "m"), "QLinearMul"),
        ["squeeze and excite"] = (net => net.Node("GlobalAveragePool", "a", "pool").Random("w2", -0.5, 0.5, Channels, Channels, 1, 1).Node("Conv", "pool,w2", "d").Node("HardSigmoid", "d", "gate").Node("Mul", "a,gate", "m"), "QLinearGlobalAveragePool"),
        ["sigmoid"] = (net => net.Random("w2", -0.5, 0.5, Channels, Channels, 1, 1).Node("Conv", "a,w2", "d").Node("Sigmoid", "d", "gate").Node("Mul", "d,gate", "m"), "QLinearSigmoid"),
        ["leaky relu and a floor"] = (net => net.Random("w2", -0.5, 0.5, Channels, Channels, 1, 1).Node("Conv", "a,w2", "d").Node("LeakyRelu", "d", "l", ("alpha", 0.2f)).Floats("floor", [1, 1, 1, 1], -0.4f).Node("Max", "l,floor", "m"), "QLinearLeakyRelu"),
        ["average pool"] = (net => net.Node("AveragePool", "a", "m", ("kernel_shape", new long[] { 2, 2 })), "QLinearAveragePool"),
        ["max pool"] = (net => net.Node("MaxPool", "a", "m", ("kernel_shape", new long[] { 2, 2 })), ""),
        ["nearest resize"] = (net => net.Floats("scales", [4], 1, 1, 2, 2).Node("Resize", "a,,scales", "m", ("mode", "nearest")), ""),
        ["concat with a constant"] = (net => net.Random("w2", -0.5, 0.5, 6, Channels, 1, 1).Node("Conv", "a,w2", "d").Floats("more", [1, 2, Size - 2, Size - 2], new float[2 * (Size - 2) * (Size - 2)]).Node("Concat", "d,more", "m", ("axis", 1)), "QLinearConcat"),
    };

    // y = Neg(Relu(conv(x)) + conv(Relu(conv(x)))): the sum is residual, its reader is float.
    private static byte[] Net(long opset = 17) => new GraphSketch().Input("x", 1, 3, Size, Size)
        .Random("w1", -0.5, 0.5, Channels, 3, 3, 3).Random("b1", -0.5, 0.5, Channels).Random("w2", -0.2, 0.2, Channels, Channels, 1, 1)
        .Node("Conv", "x,w1,b1", "c").Node("Relu", "c", "a").Node("Conv", "a,w2", "d").Node("Add", "a,d", "s").Node("Neg", "s", "y").Output("y").Build(opset);

    // The answers are this machine's, which may multiply without VNNI: whatever the target's limit, pairs must fit.
    private static QuantizeGraph Pass(string target, int channels = 3, double handedBack = 0, IRangeMethod? method = null, TuningOptions? tuning = null)
    {
        var rules = Target.Load(target).Int8 with { WeightLimit = ByteColumns.Half };
        if (channels == 3) rules = rules with { MinConvChannels = 0 };
        var input = new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = [1, channels, Size, Size] };
        return new QuantizeGraph(new Knowledge(rules, new Calibrator(new MadeUpData([input], 8), new CommandOutput(TextWriter.Null, TextWriter.Null, isTerminal: false), default), method ?? RangeMethods.Default, tuning ?? new TuningOptions { Ranges = method is null }), handedBack);
    }
}
