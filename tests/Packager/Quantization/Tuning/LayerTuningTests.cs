using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization.Tuning;

/// <summary>What is found on samples makes the layers answer more like they did in float.</summary>
public sealed class LayerTuningTests
{
    private const int Wide = 24, Size = 12;

    private static readonly Int8Rules Rules = Target.Load("x86-avx2").Int8;

    // The inputs of the wide layers are mixtures of three channels: most errors of their weights can be made up for by others.
    private static byte[] Net(long group = 1) => new GraphSketch().Input("x", 1, 3, Size, Size).Random("w1", -0.5, 0.5, Wide, 3, 1, 1).Node("Conv", "x,w1", "a")
        .Random("w2", -0.5, 0.5, Wide, Wide / group, 3, 3).Random("b2", -0.5, 0.5, Wide).Node("Conv", "a,w2,b2", "b", ("group", group)).Node("Neg", "b", "y").Output("y").Build();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AdaptiveRounding_InputsThatVaryTogether_HalvesTheErrorOfTheWeights(long group)
    {
        var model = Bits.Import(Net(group));
        var calibrator = Calibrator();
        var tuned = new AdaptiveRounding(calibrator, Rules).Of(model, LayerTuning.None);
        var exact = new OutputError(calibrator, model);
        Assert.True(exact.Of(Rounded(model, tuned)) < 0.5 * exact.Of(Rounded(model, LayerTuning.None)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(Wide)]
    public void AdaptiveRounding_WithoutVnni_KeepsPairsWithinTheLimit(long group)
    {
        var model = Bits.Import(Net(group));
        var calibrator = Calibrator();
        Samples.Quantize(model, Rules, calibrator, new AdaptiveRounding(calibrator, Rules).Of(model.Clone(), LayerTuning.None));
        var report = ModelLint.Of(model, Target.Load("x86-avx2"));
        Assert.True(report.QuantizedLayers >= 2);
        Assert.DoesNotContain(report.Findings, finding => finding.Rule == "weight-saturation");
    }

    [Fact]
    public void AdaptiveRounding_Twice_GivesTheSameBytes()
    {
        var model = Bits.Import(Net());
        var (one, other) = (new AdaptiveRounding(Calibrator(), Rules).Of(model, LayerTuning.None), new AdaptiveRounding(Calibrator(), Rules).Of(model, LayerTuning.None));
        Assert.Equal(one.Weights.Keys, other.Weights.Keys);
        foreach (var (layer, weights) in one.Weights)
        {
            Assert.Equal(weights.Values, other.Weights[layer].Values);
            Assert.Equal(weights.Scales, other.Weights[layer].Scales);
        }
    }

    /// <summary>Ranges that cut off half of what is seen move means by far; what is left then is a step of the bias.</summary>
    [Fact]
    public void SequentialBias_RangesThatCutOff_BringsTheMeansBack()
    {
        var model = Bits.Import(Net());
        var calibrator = Calibrator();
        var method = RangeMethods.Find("percentile:70")!;
        var seen = Samples.Seen(model, Rules, calibrator, method);
        var tuned = new SequentialBias(calibrator, Rules, seen, tuning => 1.0 / (1 + tuning.Shifts.Count)).Of(model, LayerTuning.None);
        Assert.Equal(["a", "b"], tuned.Shifts.Keys.Order(StringComparer.Ordinal));
        Assert.True(MeanError(model, calibrator, method, tuned) < 0.1 * MeanError(model, calibrator, method, LayerTuning.None));
    }

    [Fact]
    public void SequentialBias_AnswersNoBetter_ChangesNothing()
    {
        var (model, calibrator) = (Bits.Import(Net()), Calibrator());
        Assert.Empty(new SequentialBias(calibrator, Rules, Samples.Seen(model, Rules, calibrator), _ => 1).Of(model, LayerTuning.None).Shifts);
    }

    /// <summary>Of the second layer, before its own range cuts anything off.</summary>
    private static double MeanError(OnnxModel model, Calibrator calibrator, IRangeMethod method, LayerTuning tuning)
    {
        var rounded = model.Clone();
        var layer = rounded.Graph.Node[1];
        Samples.Quantize(rounded, Rules, calibrator, tuning, method);
        var (exact, means) = (Means(model, "b", calibrator), Means(rounded, layer.Output[0], calibrator));
        return exact.Zip(means, (one, other) => Math.Abs(one - other)).Max();
    }

    private static double[] Means(OnnxModel model, string value, Calibrator calibrator)
    {
        var means = new ChannelMeans();
        calibrator.Watch(model, [value], OutputError.Samples, (_, _, values, shape) => means.Add(values, shape));
        return means.Means;
    }

    /// <summary>With the wide layer's weights as their bytes are, everything else in float.</summary>
    private static OnnxModel Rounded(OnnxModel model, LayerTuning tuning)
    {
        var rounded = model.Clone();
        var view = new GraphView(rounded);
        foreach (var node in rounded.Graph.Node.Where(node => node.Output[0] == "b"))
        {
            var tensor = view.Constant(node.Input[1])!;
            var bytes = tuning.Weights.GetValueOrDefault(node.Output[0]) ?? ConvolutionWeights.Of(rounded, tensor, node.Long("group", 1), Rules.WeightLimit < ByteColumns.Full);
            var depth = bytes.Values.Length / bytes.Scales.Length;
            tensor.RawData = TensorValues.Of("", tensor.Dims, bytes.Values.Select((value, at) => value * bytes.Scales[at / depth]).ToArray().AsSpan()).RawData;
        }
        return rounded;
    }

    private static Calibrator Calibrator() => Samples.Calibrator([1, 3, Size, Size]);
}
