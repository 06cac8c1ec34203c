using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Smoothing;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Smoothing;

public sealed class SmoothInputsTests
{
    private const int Channels = 64, Columns = 96, Rows = 6;

    /// <summary>Two factors for each of 64 products, rounded to 2^-24 of it; their sum is no smaller than a sixteenth of the magnitudes' sum.</summary>
    private const double FewRoundings = 16 * 4 / 16777216.0;

    private static Int8Rules Rules => Target.Load("x86-avx2").Int8 with { WeightLimit = ByteColumns.Half };

    public static TheoryData<string> Makers => ["norm", "norm without a bias", "factor", "factor and sum"];

    [Theory]
    [MemberData(nameof(Makers))]
    public void Apply_ChannelsOfUnlikeSize_AnswersAlike(string maker)
    {
        var (after, said) = Rewrites.Check(Net(maker).Output("y").Build(), FewRoundings, Pass());
        Assert.Contains("'v' by alpha 0.", said, StringComparison.Ordinal);
        Assert.Equal(Rewrites.Ops(Bits.Import(Net(maker).Output("y").Build())), Rewrites.Ops(after));
        Assert.DoesNotContain(after.Graph.Initializer, tensor => tensor.Name is "w" or "gamma");
    }

    /// <summary>Two channels a hundred times as large as the others leave those no steps of one range: smoothed, the products err by less than half.</summary>
    [Theory]
    [MemberData(nameof(Makers))]
    public void Quantize_ChannelsOfUnlikeSize_ErrsLessWhenSmoothed(string maker)
    {
        var model = Net(maker).Output("y").Build();
        Assert.InRange(Error(model, smooth: true), 1e-12, Error(model, smooth: false) / 2);
    }

    [Fact]
    public void Apply_SizesThatVary_AnswersAlike()
    {
        var (_, said) = Rewrites.Check(Net("norm", -1).Output("y").Build(), FewRoundings, Pass());
        Assert.Contains("'v' by alpha 0.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ChannelsAlike_GainsNothing()
    {
        var sketch = new GraphSketch().Input("x", 1, Rows, Channels).Random("gamma", 0.9, 1.1, Channels).Random("w", -1, 1, Channels, Columns).Node("Mul", "x,gamma", "v").Node("MatMul", "v,w", "y").Output("y");
        AssertStays(sketch, "'v' gains nothing by it");
    }

    [Fact]
    public void Apply_ValueOfAnotherReader_Stays() => AssertStays(Net("norm").Node("Neg", "v", "z").Output("y").Output("z"), "'v' is read by Neg 'z/Neg', which is no product with a constant matrix");

    [Fact]
    public void Apply_ValueThatIsAnOutput_Stays() => AssertStays(Net("norm").Output("y").Output("v"), "'v' is an output of the graph");

    [Fact]
    public void Apply_ValueThatASubgraphReads_Stays() => AssertStays(Net("norm").Output("y").Captures("v"), "'v' is read by a subgraph");

    [Fact]
    public void Apply_WeightsOfAnotherReader_Stay() => AssertStays(Net("norm").Node("Neg", "w", "z").Output("y").Output("z"), "weights 'w' are read elsewhere too");

    [Fact]
    public void Apply_FactorsThatCallersMayOverride_Stay()
    {
        var model = Net("norm").Output("y").Input("gamma", Channels).Build();
        Assert.Equal("", Rewrites.Check(model, 0, Pass()).Said);
    }

    [Fact]
    public void Apply_FactorsOfAnotherReader_AreTheSameOnesThere()
    {
        var (after, said) = Rewrites.Check(Net("norm").Node("Neg", "gamma", "z").Output("y").Output("z").Build(), FewRoundings, Pass());
        Assert.Contains("'v' by alpha 0.", said, StringComparison.Ordinal);
        Assert.Contains(after.Graph.Initializer, tensor => tensor.Name == "gamma");
    }

    [Fact]
    public void Apply_TwoReadersOneTurned_AreScaledBoth()
    {
        var sketch = new GraphSketch().Input("x", 4, Channels).Floats("gamma", [Channels], Unlike()).Random("w", -1, 1, Channels, Columns).Random("t", -1, 1, Columns, Channels).Node("Mul", "gamma,x", "v")
            .Node("MatMul", "v,w", "a").Node("Gemm", "v,t", "b", ("transB", 1)).Node("Mul", "a,b", "y").Output("y");
        Assert.Contains("'v' by alpha 0.", Rewrites.Check(sketch.Build(), 2 * FewRoundings, new SmoothInputs(Rules, Int8Recipe.Calibrator([4, Channels]))).Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_TwiceByTheSamePass_ScalesAlike()
    {
        var (pass, model) = (Pass(), Net("norm").Output("y").Build());
        OnnxModel one = Bits.Import(model), other = Bits.Import(model);
        pass.Apply(one);
        pass.Apply(other);
        Assert.Equal(one.Proto, other.Proto);
    }

    private static double Error(byte[] model, bool smooth)
    {
        using var workshop = new Workshop();
        var before = workshop.Write("model.onnx", model);
        var made = Bits.Import(model);
        if (smooth) Pass().Apply(made);
        new QuantizeGraph(new Knowledge(Rules, Int8Recipe.Calibrator([1, Rows, Channels]), RangeMethods.Find("minmax")!, TuningOptions.None)).Apply(made);
        var after = Bits.Export(made, workshop["after"]);
        float[] exact = Numbers(before), rounded = Numbers(after);
        return exact.Zip(rounded, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
    }

    private static float[] Numbers(string path) => MemoryMarshal.Cast<byte, float>(Bits.Answer(path)[0].Data).ToArray();

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var (_, said) = Rewrites.Check(sketch.Build(), 0, Pass());
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.DoesNotContain("alpha", said, StringComparison.Ordinal);
    }

    private static SmoothInputs Pass() => new(Rules, Int8Recipe.Calibrator([1, Rows, Channels], ("condition", ElementType.Bool, [])));

    // y = v W, v of channels of which two are a hundred times as large as the others.
    private static GraphSketch Net(string maker, long rows = Rows)
    {
        var sketch = new GraphSketch().Input("x", 1, rows, Channels).Floats("gamma", [Channels], Unlike()).Random("beta", -0.5, 0.5, Channels).Random("w", -1, 1, Channels, Columns);
        sketch = maker switch
        {
            "norm" => sketch.Node("LayerNormalization", "x,gamma,beta", "v"),
            "norm without a bias" => sketch.Node("LayerNormalization", "x,gamma", "v"),
            "factor" => sketch.Node("Mul", "x,gamma", "v"),
            _ => sketch.Node("Mul", "x,gamma", "u").Node("Add", "beta,u", "v"),
        };
        return sketch.Node("MatMul", "v,w", "y");
    }

    private static float[] Unlike() => [.. Enumerable.Range(0, Channels).Select(channel => channel is 5 or 40 ? 100 : 1 + channel % 7 / 10f)];
}
