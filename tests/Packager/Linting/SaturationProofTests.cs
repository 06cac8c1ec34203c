using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Commands;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.Packaging.Variants;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>What the packager makes for x86-avx2 sums alike with saturation and without, whatever the inputs; what it makes for VNNI does not.</summary>
public sealed class SaturationProofTests
{
    private const int Size = 12;

    public static TheoryData<string, string> Nets => new()
    {
        { "convolutions", VariantLadder.Int8 }, { "groups", VariantLadder.Int8 }, { "odd", VariantLadder.Int8 }, { "products", VariantLadder.Int8 }, { "odd-products", VariantLadder.Int8 },
        { "products", VariantLadder.Int8Dynamic }, { "odd-products", VariantLadder.Int8Dynamic },
    };

    [Theory]
    [MemberData(nameof(Nets))]
    public void Make_ForAvx2_SumsAlikeInBothArithmetics(string net, string precision)
    {
        var layers = Layers(net, precision, "x86-avx2");
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.All(layer.Columns, column => Assert.All(Worst(column), input =>
            Assert.Equal(IntegerSums.Of(input, column, saturate: false), IntegerSums.Of(input, column, saturate: true)))));
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Make_ForVnni_DiffersSomewhere(string net, string precision) =>
        Assert.Contains(Layers(net, precision, "x86-avx512-vnni").SelectMany(layer => layer.Columns), column =>
            Worst(column).Any(input => IntegerSums.Of(input, column, saturate: false) != IntegerSums.Of(input, column, saturate: true)));

    [Theory]
    [MemberData(nameof(Nets))]
    public void Make_ForEither_LintsOnlyThePlainOneForAvx2(string net, string precision)
    {
        Assert.DoesNotContain(Saturating(net, precision, "x86-avx2"), _ => true);
        Assert.NotEmpty(Saturating(net, precision, "x86-avx512-vnni"));
    }

    private static IEnumerable<LintFinding> Saturating(string net, string precision, string madeFor) =>
        ModelLint.Of(Make(net, precision, madeFor), Target.Load("x86-avx2")).Findings.Where(finding => finding.Rule == "weight-saturation");

    private static List<(string Label, List<sbyte[]> Columns)> Layers(string net, string precision, string target)
    {
        var graph = QuantizedGraph.Of(Make(net, precision, target));
        return [.. graph.Layers.Where(layer => layer.Weights is not null).Select(layer => (layer.Label, WeightColumns.Of(layer, graph.Constants).ToList()))];
    }

    /// <summary>All that can be had of a column: 255 wherever it makes the sums larger, or smaller; all at once; by chance.</summary>
    private static IEnumerable<byte[]> Worst(sbyte[] column)
    {
        var random = new SplitMix(3);
        yield return [.. Enumerable.Repeat(byte.MaxValue, column.Length)];
        yield return Array.ConvertAll(column, weight => weight > 0 ? byte.MaxValue : (byte)0);
        yield return Array.ConvertAll(column, weight => weight < 0 ? byte.MaxValue : (byte)0);
        for (var i = 0; i < 4; i++) yield return Array.ConvertAll(column, _ => (byte)random.NextBelow(256));
    }

    private static Packaging.Import.OnnxModel Make(string net, string precision, string target)
    {
        var (bytes, shape) = Net(net);
        var input = new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = shape };
        var calibrator = new Calibrator(new MadeUpData([input], 4), new CommandOutput(TextWriter.Null, TextWriter.Null, isTerminal: false), default);
        var model = Bits.Import(bytes);
        PassPipeline.Apply(model, VariantLadder.Of([precision], [Target.Load(target)], calibrator).Single().Passes, null, TimeProvider.System);
        return model;
    }

    private static (byte[] Model, long[] Shape) Net(string net) => net switch
    {
        "convolutions" => (new GraphSketch().Input("x", 1, 3, Size, Size).Random("w1", -0.5, 0.5, 16, 3, 3, 3).Random("b1", -0.5, 0.5, 16).Random("w2", -0.2, 0.2, 16, 16, 3, 3).Random("w3", -0.2, 0.2, 16, 16, 1, 1)
            .Node("Conv", "x,w1,b1", "a", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "a", "b").Node("Conv", "b,w2", "c", ("pads", new long[] { 1, 1, 1, 1 })).Node("Add", "b,c", "d")
            .Node("Conv", "d,w3", "e", ("strides", new long[] { 2, 2 })).Node("Neg", "e", "y").Output("y").Build(), [1, 3, Size, Size]),
        "groups" => (new GraphSketch().Input("x", 1, 12, Size, Size).Random("w1", -0.5, 0.5, 16, 6, 3, 3).Random("w2", -0.5, 0.5, 16, 1, 3, 3).Random("w3", -0.5, 0.5, 32, 1, 3, 3)
            .Node("Conv", "x,w1", "a", ("group", 2), ("pads", new long[] { 1, 1, 1, 1 })).Node("Conv", "a,w2", "b", ("group", 16)).Node("Conv", "b,w3", "c", ("group", 16)).Node("Neg", "c", "y").Output("y").Build(), [1, 12, Size, Size]),
        "odd" => (new GraphSketch().Input("x", 1, 5, Size, Size).Random("w1", -0.5, 0.5, 7, 5, 3, 3).Random("w2", -0.5, 0.5, 13, 7, 1, 1).Random("w3", -0.5, 0.5, 9, 13, 2, 2)
            .Node("Conv", "x,w1", "a").Node("Conv", "a,w2", "b").Node("Conv", "b,w3", "c").Node("Neg", "c", "y").Output("y").Build(), [1, 5, Size, Size]),
        "products" => (new GraphSketch().Input("x", 4, 64).Random("w1", -0.5, 0.5, 64, 96).Random("w2", -0.5, 0.5, 48, 96).Random("b2", -0.5, 0.5, 48)
            .Node("MatMul", "x,w1", "a").Node("Gemm", "a,w2,b2", "y", ("transB", 1)).Output("y").Build(), [4, 64]),
        _ => (new GraphSketch().Input("x", 3, 77).Random("w1", -0.5, 0.5, 77, 67).Node("MatMul", "x,w1", "y").Output("y").Build(), [3, 77]),
    };
}
