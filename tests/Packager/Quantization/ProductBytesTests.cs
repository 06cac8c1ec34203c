using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Quantization;

/// <summary>Products with constant matrices in bytes by ranges: which kernels ONNX Runtime makes of them, and what stays float.</summary>
public sealed class ProductBytesTests
{
    private const int Depth = 64, Wide = 96;

    // Of the largest magnitude: inputs are off by half of 255 steps, weights by half of 64, over sums of 64 or 96 products of both signs, one layer after the other.
    private const double Tolerance = 0.05;

    private static readonly Dictionary<string, (long[] Shape, Func<GraphSketch, GraphSketch> Build, string[] Kernels)> Nets = new(StringComparer.Ordinal)
    {
        ["product"] = ([4, Depth], net => net.Node("MatMul", "x,w1", "y"), ["MatMulIntegerToFloat", "QuantizeLinear"]),
        ["product and bias, two dimensions"] = ([4, Depth], net => net.Node("MatMul", "x,w1", "m").Node("Add", "m,b1", "y"), ["QGemm", "QuantizeLinear"]),
        ["product and bias, sizes known"] = ([2, 5, Depth], net => net.Node("MatMul", "x,w1", "m").Node("Add", "m,b1", "y"), ["QGemm", "QuantizeLinear"]),
        ["product and bias, sizes vary"] = ([-1, -1, Depth], net => net.Node("MatMul", "x,w1", "m").Node("Add", "m,b1", "y"), ["MatMulIntegerToFloat", "QuantizeLinear"]),
        ["turned and with a factor"] = ([4, Depth], net => net.Random("t", -0.3, 0.3, Wide, Depth).Node("Gemm", "x,t,b1", "y", ("transB", 1), ("alpha", 0.5f)), ["QGemm", "QuantizeLinear"]),
        ["without a bias"] = ([4, Depth], net => net.Node("Gemm", "x,w1", "y"), ["QGemm", "QuantizeLinear"]),
        ["bytes between layers"] = ([4, Depth], net => net.Node("Gemm", "x,w1,b1", "g").Node("Relu", "g", "r").Node("Gemm", "r,w2,b2", "y"), ["QGemm", "QuantizeLinear"]),
        ["one range for three"] = ([-1, -1, Depth], net => net.Random("v", -0.3, 0.3, Depth, Wide).Node("MatMul", "x,w1", "q").Node("MatMul", "x,v", "k").Node("Mul", "q,k", "y"), ["MatMulIntegerToFloat", "QuantizeLinear"]),
        ["gate between layers"] = ([4, Depth], net => net.Node("Gemm", "x,w1,b1", "g").Node("Tanh", "g", "r").Node("Gemm", "r,w2,b2", "y"), ["QGemm", "QuantizeLinear"]),
        ["classifier"] = ([1, 16, 10, 10], net => net.Random("c", -0.5, 0.5, Depth, 16, 3, 3).Node("Conv", "x,c", "f").Node("Relu", "f", "r").Node("GlobalAveragePool", "r", "p").Node("Flatten", "p", "l").Node("Gemm", "l,w1,b1", "y"),
            ["QGemm", "QLinearConv", "QLinearGlobalAveragePool", "QuantizeLinear"]),
    };

    public static TheoryData<string> Names => [.. Nets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_AnyForm_IsOneKernelEachAndAnswersAlike(string name)
    {
        var (shape, _, kernels) = Nets[name];
        var (after, _) = Rewrites.Check(Net(name), Tolerance, Int8Recipe.For(Target.Load("x86-avx2"), Sampled(shape)));
        using var workshop = new Workshop();
        var audit = GraphAudit.Of(Bits.Export(after, workshop["made"]), workshop["audit"]);
        Assert.Equal(kernels, audit.Operators.Keys);
        Assert.Empty(audit.Unfused);
    }

    public static TheoryData<string, string> OfTargets => [.. Nets.Keys.SelectMany(name => new[] { "x86-avx2", "x86-avx512-vnni", "arm64-generic", "jetson-orin-nano" }.Select(target => (name, target)))];

    [Theory]
    [MemberData(nameof(OfTargets))]
    public void Make_ForATarget_LintsClean(string name, string target)
    {
        var model = Bits.Import(Net(name));
        foreach (var pass in Int8Recipe.For(Target.Load(target), Sampled(Nets[name].Shape))) pass.Apply(model);
        Assert.Empty(ModelLint.Of(model, Target.Load(target)).Findings);
        Assert.Contains("QuantizeLinear", Rewrites.Ops(model));
    }

    [Fact]
    public void Apply_BytesBetweenLayers_HaveNoActivation()
    {
        var (after, _) = Rewrites.Check(Net("bytes between layers"), Tolerance, Pass("x86-avx2", [4, Depth]));
        Assert.DoesNotContain("Relu", Rewrites.Ops(after));
    }

    [Fact]
    public void Apply_MatrixAndVectorForTensorRt_StaysFloat()
    {
        var (_, said) = Rewrites.Check(Sketch([1, Depth]).Node("MatMul", "x,w1", "y").Output("y").Build(), 0, Pass("jetson-orin-nano", [1, Depth]));
        Assert.Contains("a product of [1,96] is one of a matrix and a vector", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_FewWeights_StayFloat() =>
        AssertStays(new GraphSketch().Input("x", 4, Depth).Random("w", -1, 1, Depth, 10).Node("MatMul", "x,w", "y").Output("y"), "640 weights are fewer than 4096");

    [Fact]
    public void Apply_WeightsThatCallersMayOverride_StayFloat() => AssertStays(Sketch([4, Depth]).Input("w1", Depth, Wide).Node("MatMul", "x,w1", "y").Output("y"), "its second input is no constant");

    [Fact]
    public void Apply_BiasOfEachRow_StaysFloat() =>
        AssertStays(Sketch([4, Depth]).Random("rows", -1, 1, 4, Wide).Node("Gemm", "x,w1,rows", "y").Output("y"), "its bias is no float32 constant of a number a column");

    /// <summary>Weights that others read are theirs as they were; a result that is read by a subgraph, or is an output, is float and keeps its name.</summary>
    [Theory]
    [InlineData("weights")]
    [InlineData("subgraph")]
    [InlineData("output")]
    public void Apply_ReadElsewhere_IsThereAsBefore(string where)
    {
        var sketch = Sketch([4, Depth]).Node("Gemm", "x,w1,b1", "m").Node("Gemm", "m,w2,b2", "y").Output("y");
        sketch = where switch { "weights" => sketch.Node("Neg", "w1", "z").Output("z"), "subgraph" => sketch.Captures("m"), _ => sketch.Output("m") };
        var (after, said) = Rewrites.Check(sketch.Build(), Tolerance, where == "subgraph" ? Pass("x86-avx2", [4, Depth], ("condition", ElementType.Bool, [])) : Pass("x86-avx2", [4, Depth]));
        Assert.Contains("2 Gemm in 8 bits", said, StringComparison.Ordinal);
        Assert.Equal(where != "weights", new GraphView(after).Producer("m")?.OpType == "Gemm");
    }

    /// <summary>Its range would be the graph's and no longer the model's: dynamic bytes take it, and find it in bytes already.</summary>
    [Fact]
    public void DynamicBytes_BehindRanges_LeaveProductsOfBytesAlone()
    {
        var model = Bits.Import(Net("product"));
        Pass("x86-avx2", [4, Depth]).Apply(model);
        Assert.Null(new DynamicBytes(pairsMustFit: true, isOptional: true).Apply(model));
    }

    private static void AssertStays(GraphSketch sketch, string reason)
    {
        var (after, said) = Rewrites.Check(sketch.Build(), 0, Pass("x86-avx2", [4, Depth]));
        Assert.DoesNotContain("QuantizeLinear", Rewrites.Ops(after));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    private static byte[] Net(string name) => Nets[name].Build(Sketch(Nets[name].Shape)).Output("y").Build();

    private static GraphSketch Sketch(long[] shape) => new GraphSketch().Input("x", shape).Random("w1", -0.3, 0.3, Depth, Wide).Random("b1", -0.5, 0.5, Wide).Random("w2", -0.3, 0.3, Wide, Depth).Random("b2", -0.5, 0.5, Depth);

    private static long[] Sampled(long[] shape) => [.. shape.Select(size => size < 0 ? 5 : size)];

    // The answers are this machine's, which may multiply without VNNI: whatever the target's limit, pairs must fit.
    private static QuantizeGraph Pass(string target, long[] shape, params (string Name, ElementType Type, long[] Shape)[] more) =>
        new(new Knowledge(Target.Load(target).Int8 with { WeightLimit = ByteColumns.Half }, Int8Recipe.Calibrator(shape, more), RangeMethods.Default, TuningOptions.None));
}
