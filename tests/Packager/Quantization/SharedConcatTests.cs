using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Commands;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization;

/// <summary>Targets whose Concat takes bytes of one scale alone get just that.</summary>
public sealed class SharedConcatTests
{
    private const int Channels = 16, Size = 8;

    // The narrow branch is a tenth of the wide one and has its steps: it is off by a 20th of itself, and so is what the last convolution makes of it.
    private const double Tolerance = 0.08;

    private static readonly Target Jetson = Target.Load("jetson-orin-nano");

    [Fact]
    public void Apply_BranchesOfDifferingRanges_HaveOneScale()
    {
        var (after, said) = Rewrites.Check(Net(net => net.Node("Concat", "a,b", "m", ("axis", 1))), Tolerance, Pass());
        Assert.Contains("1 Concat", said, StringComparison.Ordinal);
        RequireOneScale(after, concats: 1);
    }

    [Fact]
    public void Apply_ConcatOfAConcatAndAConstant_HasOneScale()
    {
        var (after, said) = Rewrites.Check(Net(net => net.Node("Concat", "a,b", "ab", ("axis", 1)).Random("more", -0.1, 0.1, 1, Channels, Size, Size).Node("Concat", "ab,more", "m", ("axis", 1)), 3 * Channels), Tolerance, Pass());
        Assert.Contains("2 Concat", said, StringComparison.Ordinal);
        RequireOneScale(after, concats: 2);
    }

    [Fact]
    public void Apply_InputReadInAnotherScale_LeavesTheConcatFloat()
    {
        var (after, said) = Rewrites.Check(Net(net => net.Floats("half", [1], 0.5f).Node("Mul", "a,half", "h").Node("Concat", "h,b", "m", ("axis", 1))), Tolerance, Pass());
        Assert.DoesNotContain("Concat in 8 bits", said, StringComparison.Ordinal);
        Assert.DoesNotContain(ModelLint.Of(after, Jetson).Findings, finding => finding.Severity == LintSeverity.Error);
    }

    [Fact]
    public void Apply_TargetWithoutTheRule_KeepsRangesApart()
    {
        var (after, _) = Rewrites.Check(Net(net => net.Node("Concat", "a,b", "m", ("axis", 1))), Tolerance, Pass(rules => rules with { SharedConcatScales = false }));
        Assert.Contains(ModelLint.Of(after, Jetson).Findings, finding => finding.Rule == "concat-scales");
    }

    private static void RequireOneScale(OnnxModel model, int concats)
    {
        Assert.DoesNotContain(ModelLint.Of(model, Jetson).Findings, finding => finding.Severity == LintSeverity.Error);
        Assert.Equal(concats, model.Graph.Node.Count(node => node.OpType == "Concat"));
    }

    // a is ten times b; m of them is read by a convolution.
    private static byte[] Net(Func<GraphSketch, GraphSketch> join, int joined = 2 * Channels) =>
        join(new GraphSketch().Input("x", 1, Channels, Size, Size).Random("w1", -1, 1, Channels, Channels, 1, 1).Random("w2", -0.1, 0.1, Channels, Channels, 1, 1).Node("Conv", "x,w1", "a").Node("Conv", "x,w2", "b"))
            .Random("w3", -0.3, 0.3, Channels, joined, 1, 1).Node("Conv", "m,w3", "last").Node("Neg", "last", "y").Output("y").Build();

    // The answers are this machine's, which may add pairs of products in 16 bits.
    private static QuantizeGraph Pass(Func<Int8Rules, Int8Rules>? change = null)
    {
        var rules = Jetson.Int8 with { WeightLimit = 64 };
        var input = new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = [1, Channels, Size, Size] };
        return new QuantizeGraph(new Knowledge((change ?? (same => same))(rules), new Calibrator(new MadeUpData([input], 8), new CommandOutput(TextWriter.Null, TextWriter.Null, isTerminal: false), default), RangeMethods.Default, TuningOptions.None));
    }
}
