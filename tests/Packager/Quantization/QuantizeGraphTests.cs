using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Commands;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization;

public sealed class QuantizeGraphTests
{
    private const int Channels = 8, Size = 12;

    // Of the largest magnitude: x, the convolution's and the sum's outputs are each off by half of 255 steps, the weights by half of 64; products sum such errors up, of both signs.
    private const double Tolerance = 0.05;

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

    // y = Neg(Relu(conv(x)) + conv(Relu(conv(x)))): the sum is residual, its reader is float.
    private static byte[] Net(long opset = 17) => new GraphSketch().Input("x", 1, 3, Size, Size)
        .Random("w1", -0.5, 0.5, Channels, 3, 3, 3).Random("b1", -0.5, 0.5, Channels).Random("w2", -0.2, 0.2, Channels, Channels, 1, 1)
        .Node("Conv", "x,w1,b1", "c").Node("Relu", "c", "a").Node("Conv", "a,w2", "d").Node("Add", "a,d", "s").Node("Neg", "s", "y").Output("y").Build(opset);

    // The answers are this machine's, which may multiply without VNNI: whatever the target's limit, pairs must fit.
    private static QuantizeGraph Pass(string target)
    {
        var rules = Target.Load(target).Int8 with { WeightLimit = ByteColumns.Half };
        var input = new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = [1, 3, Size, Size] };
        return new QuantizeGraph(new Knowledge(rules, new Calibrator(new MadeUpData([input], 8), new CommandOutput(TextWriter.Null, TextWriter.Null, isTerminal: false), default)));
    }
}
