using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Linting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>Each rule with a model that keeps it and models that break it.</summary>
public sealed class LintRuleTests
{
    private const int Channels = 16;

    [Fact]
    public void All_RulesOfTheTable_HaveATestHere()
    {
        var tested = typeof(LintRuleTests).GetMethods().SelectMany(method => method.GetCustomAttributes(inherit: false)).OfType<TraitAttribute>().Select(trait => trait.Value);
        Assert.Equal(LintRule.All.Select(rule => rule.Id).Order(), tested.Distinct().Order());
    }

    [Fact]
    public void All_RulesOfTheTable_AreInTheDocument()
    {
        var rows = File.ReadAllLines(Path.Combine(TestKit.RepositoryPaths.Root, "docs", "formats", "lint.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', '`'));
        Assert.Equal(LintRule.All.Select(rule => (rule.Id, $"{rule.Severity}".ToLowerInvariant())), rows.Select(row => (row[2], row[4].Trim())));
    }

    [Theory]
    [InlineData("x86-avx2", false)]
    [InlineData("x86-avx512-vnni", false)]
    [InlineData("arm64-generic", true)]
    public void Of_ModelAsTheTargetWantsIt_FindsNothing(string target, bool signed) => Assert.Empty(Lint(Conv(signed: signed, zero: signed ? -3 : 128), Target.Load(target)).Findings);

    [Fact]
    public void Of_ModelAsTensorRtWantsIt_FindsNothing() => Assert.Empty(Lint(Conv(signed: true, zero: 0, bias: sketch => sketch.Floats("b", [Channels], new float[Channels])), Jetson).Findings);

    [Fact]
    public void Of_ModelAsOpenVinoWantsIt_FindsNothing()
    {
        byte[] Model(int least) => Conv(weight: at => at is 4 ? least : 1, bias: sketch => sketch.Floats("b", [Channels], new float[Channels]));
        Assert.Empty(Lint(Model(-127), Target.Load("x86-openvino")).Findings);
        Breaks("weight-range", Model(-128), "-128", Target.Load("x86-openvino"));
    }

    [Fact, Trait("rule", "conversion-opset")]
    public void ConversionOpset_ChannelsBefore13_IsFound()
    {
        Breaks("conversion-opset", Conv(opset: 12), "opset 12");
        Keeps("conversion-opset", Conv(opset: 13));
        Keeps("conversion-opset", ByteSketch.InRuntimeDomain(Conv(opset: 12), imported: true, "QuantizeLinear", "DequantizeLinear"));
        Breaks("conversion-opset", new GraphSketch().Input("x", 1, 4).Pair("x", "y").Output("y").Build(9), "opset 9");
    }

    [Fact, Trait("rule", "conversion-domain")]
    public void ConversionDomain_NotImported_IsFound()
    {
        Breaks("conversion-domain", ByteSketch.InRuntimeDomain(Conv(), imported: false, "QuantizeLinear"), "com.microsoft");
        Keeps("conversion-domain", ByteSketch.InRuntimeDomain(Conv(), imported: true, "QuantizeLinear"));
    }

    [Fact, Trait("rule", "conversions-only")]
    public void ConversionsOnly_OpsOfWholeNumbersForTensorRt_AreFound()
    {
        Breaks("conversions-only", Operators(), "an op of whole numbers", Jetson);
        Breaks("conversions-only", ByteSketch.InRuntimeDomain(Conv(), imported: true, "QuantizeLinear"), "com.microsoft", Jetson);
        Keeps("conversions-only", Conv(), Jetson);
        Keeps("conversions-only", Operators());
    }

    [Fact, Trait("rule", "activation-type")]
    public void ActivationType_OfTheOtherSign_IsFound()
    {
        Breaks("activation-type", Conv(signed: true, zero: 0), "INT8", limit: "UINT8");
        Breaks("activation-type", Operators(), "UINT8", Target.Load("arm64-generic"));
        Keeps("activation-type", Conv());
        Keeps("activation-type", Conv(signed: true, zero: 0), Target.Load("arm64-generic"));
    }

    [Fact, Trait("rule", "activation-symmetry")]
    public void ActivationSymmetry_ZeroPoint_IsFound()
    {
        Breaks("activation-symmetry", Conv(signed: true, zero: 7), "zero point 7", Jetson);
        Keeps("activation-symmetry", Conv(signed: true, zero: 0), Jetson);
        Keeps("activation-symmetry", Conv());
    }

    [Fact, Trait("rule", "weight-type")]
    public void WeightType_Unsigned_IsFound()
    {
        Breaks("weight-type", Operators(signedWeights: false), "UINT8");
        Keeps("weight-type", Operators());
        Keeps("weight-type", Conv());
    }

    [Fact, Trait("rule", "weight-symmetry")]
    public void WeightSymmetry_ZeroPoint_IsFound()
    {
        Breaks("weight-symmetry", Conv(weightZero: 3), "zero point 3");
        Keeps("weight-symmetry", Conv());
    }

    [Fact, Trait("rule", "weight-channels")]
    public void WeightChannels_OneScale_IsFound()
    {
        Breaks("weight-channels", Conv(axis: null), "one scale");
        Breaks("weight-channels", Operators(perChannel: false), "one scale", Vnni);
        Keeps("weight-channels", Conv());
        Keeps("weight-channels", Operators());
    }

    [Fact, Trait("rule", "weight-axis")]
    public void WeightAxis_OfInputs_IsFound()
    {
        Breaks("weight-axis", Conv(axis: 1), "axis 1", limit: "axis 0");
        Breaks("weight-axis", Product(axis: 0), "axis 0", limit: "axis 1");
        Keeps("weight-axis", Conv());
        Keeps("weight-axis", Product(axis: 1));
    }

    /// <summary>Place 9 c + k of the weights is channel c of the kernel's place k: what is multiplied behind (c, k) is (c + 1, k), nine further on.</summary>
    [Fact, Trait("rule", "weight-saturation")]
    public void WeightSaturation_PairsInTheKernelsOrder_AreFound()
    {
        Breaks("weight-saturation", Conv(weight: at => at is 0 ? 127 : at is 9 ? 2 : 0), "a pair of 129, 1 of 16 outputs");
        Keeps("weight-saturation", Conv(weight: at => at is 0 or 1 ? 127 : 0)); // neighbours in the file only
        Keeps("weight-saturation", Conv(weight: at => at is 0 ? 127 : at is 9 ? -127 : 0)); // of two signs
        Keeps("weight-saturation", Conv(weight: at => at is 0 ? 127 : at is 9 ? 127 : 0), Vnni);
        Keeps("weight-saturation", Conv(weight: _ => 127, depthwise: true)); // added in 32 bits
        Breaks("weight-saturation", Product(weight: at => at is 0 or Channels ? -65 : 0), "a pair of 130");
        Keeps("weight-saturation", Product(weight: at => at is 0 or 1 ? -65 : 0));
        Breaks("weight-saturation", Operators(weight: at => at is 0 or 9 ? 127 : 0), "a pair of 254");
    }

    [Fact, Trait("rule", "weight-range")]
    public void WeightRange_LeastByte_IsFoundWhereTheTargetHasNone()
    {
        Breaks("weight-range", Conv(weight: at => at is 4 ? -128 : 1), "-128", With(rules => rules with { NarrowRangeWeights = true }));
        Keeps("weight-range", Conv(weight: at => at is 4 ? -127 : 1), With(rules => rules with { NarrowRangeWeights = true }));
        Keeps("weight-range", Conv(weight: at => at is 4 ? -128 : 1));
    }

    [Fact, Trait("rule", "bias-form")]
    public void BiasForm_TheOther_IsFound()
    {
        Breaks("bias-form", Conv(bias: sketch => sketch.Floats("b", [Channels], new float[Channels])), "FLOAT", limit: "INT32");
        Breaks("bias-form", Conv(), "INT32", Jetson, "FLOAT");
        Keeps("bias-form", Conv());
        Keeps("bias-form", Conv(bias: sketch => sketch.Floats("b", [Channels], new float[Channels])), Jetson);
    }

    [Fact, Trait("rule", "bias-scale")]
    public void BiasScale_NotThatOfTheSums_IsFound()
    {
        Breaks("bias-scale", Conv(bias: sketch => sketch.Bias("b", Channels, scale: 0.01f)), "scale 0.01 in channel 0", limit: "0.001");
        Breaks("bias-scale", Conv(bias: sketch => sketch.Bias("b", Channels, zero: 1)), "zero point 1");
        Keeps("bias-scale", Conv());
    }

    [Fact, Trait("rule", "concat-scales")]
    public void ConcatScales_Differing_AreFoundWhereTheTargetSharesThem()
    {
        Breaks("concat-scales", Concat(0.1f, 0.2f), "beside", Jetson);
        Keeps("concat-scales", Concat(0.1f, 0.1f), Jetson);
        Keeps("concat-scales", Concat(0.1f, 0.2f));
    }

    [Fact, Trait("rule", "residual-branch")]
    public void ResidualBranch_BothInBytes_IsFoundForTensorRt()
    {
        Breaks("residual-branch", Residual(both: true), "both branches", Jetson);
        Keeps("residual-branch", Residual(both: false), Jetson);
        Keeps("residual-branch", Residual(both: true));
    }

    [Fact, Trait("rule", "few-channels")]
    public void FewChannels_BelowTheTargetsLeast_AreFound()
    {
        Breaks("few-channels", Conv(inner: 3), "3 channels to 16", Jetson);
        Keeps("few-channels", Conv(), Jetson);
        Keeps("few-channels", Conv(depthwise: true), Jetson);
        Keeps("few-channels", Conv(inner: 3));
    }

    [Fact, Trait("rule", "matrix-vector")]
    public void MatrixVector_OneRow_IsFoundForTensorRt()
    {
        Breaks("matrix-vector", Product(rows: 1), "[1,16]", Jetson);
        Keeps("matrix-vector", Product(rows: 4), Jetson);
        Keeps("matrix-vector", Product(rows: 1));
    }

    [Fact, Trait("rule", "bias-behind")]
    public void BiasBehind_SumThatOnnxRuntimeMakesAGemmOf_IsFound()
    {
        Breaks("bias-behind", Biased(4, Channels), "a bias in Add 'y/Add' behind it", limit: "a Gemm with its bias in 32 bits");
        Breaks("bias-behind", Biased(-1, Channels), "a bias in Add 'y/Add' behind it");
        Breaks("bias-behind", Biased(2, 4, Channels), "a bias in Add 'y/Add' behind it");
        Keeps("bias-behind", Biased(-1, 4, Channels));
        Keeps("bias-behind", Biased(4, Channels), Jetson);
        Keeps("bias-behind", Product(rows: 4));
    }

    [Fact, Trait("rule", "op-not-listed")]
    public void OpNotListed_InBytes_IsFound()
    {
        var model = new GraphSketch().Input("x", 1, 4).Pair("x", "a").Node("Softmax", "a", "s").Pair("s", "y").Output("y").Build();
        Breaks("op-not-listed", model, "Softmax in bytes");
        Keeps("op-not-listed", model, With(rules => rules with { QuantizedOps = [.. rules.QuantizedOps, "Softmax"] }));
    }

    [Fact, Trait("rule", "left-float")]
    public void LeftFloat_InputInBytes_IsFound()
    {
        var half = new GraphSketch().Input("x", 1, 4).Input("z", 1, 4).Pair("x", "a").Node("Add", "a,z", "y").Output("y").Build();
        Breaks("left-float", half, "reads 'a' dequantized", limit: "'z' in bytes too");
        Breaks("left-float", new GraphSketch().Input("x", 1, 4, 4, 4).Pair("x", "a").Node("GlobalAveragePool", "a", "y").Output("y").Build(), "computes in float", limit: "QuantizeLinear right behind it");
        Keeps("left-float", half, With(rules => rules with { QuantizedOps = ["Conv"] }));
        Keeps("left-float", Residual(both: true));
    }

    [Fact, Trait("rule", "activation-between")]
    public void ActivationBetween_ConvolutionAndItsBytes_IsFound()
    {
        Breaks("activation-between", Conv(between: "Relu"), "between Conv");
        Keeps("activation-between", Conv(between: "Relu", signed: true, zero: 0), Jetson);
        Keeps("activation-between", Conv());
    }

    [Fact, Trait("rule", "output-float")]
    public void OutputFloat_ReaderInFloat_IsFound()
    {
        Breaks("output-float", Conv(between: "Neg"), "Neg");
        Keeps("output-float", Conv());
        Keeps("output-float", Residual(both: false), Jetson);
    }

    [Fact, Trait("rule", "nothing-quantized")]
    public void NothingQuantized_FloatModel_IsFound()
    {
        Breaks("nothing-quantized", SmallModels.Plain(), "no layer in bytes");
        Keeps("nothing-quantized", Operators());
    }

    private static Target Jetson => Target.Load("jetson-orin-nano");

    private static Target Vnni => Target.Load("x86-avx512-vnni");

    private static Target With(Func<Int8Rules, Int8Rules> change) => Target.Load("x86-avx2") with { Int8 = change(Target.Load("x86-avx2").Int8) };

    private static LintReport Lint(byte[] model, Target? target) => ModelLint.Of(Bits.Import(model), target ?? Target.Load("x86-avx2"));

    private static void Breaks(string rule, byte[] model, string value, Target? target = null, string limit = "")
    {
        var found = Lint(model, target).Findings.Where(finding => finding.Rule == rule).ToList();
        Assert.Contains(found, finding => finding.Value.Contains(value, StringComparison.Ordinal) && finding.Limit.Contains(limit, StringComparison.Ordinal));
        Assert.All(found, finding => Assert.Equal(LintRule.All.Single(one => one.Id == rule).Severity, finding.Severity));
    }

    private static void Keeps(string rule, byte[] model, Target? target = null) => Assert.DoesNotContain(Lint(model, target).Findings, finding => finding.Rule == rule);

    private static byte[] Conv(bool signed = false, int zero = 128, Func<int, int>? weight = null, int? axis = 0, int weightZero = 0, int inner = Channels, bool depthwise = false,
        Func<GraphSketch, GraphSketch>? bias = null, string? between = null, long opset = 17)
    {
        var sketch = new GraphSketch().Input("x", 1, inner, 8, 8).Pair("x", "a", zero: zero, signed: signed)
            .Weights("w", [Channels, depthwise ? 1 : inner, 3, 3], weight ?? (at => at % 60 - 30), axis, weightZero);
        sketch = (bias ?? (plain => plain.Bias("b", Channels)))(sketch).Node("Conv", "a,w,b", "c", ("group", depthwise ? Channels : 1));
        if (between is not null) sketch.Node(between, "c", "d");
        return sketch.Pair(between is null ? "c" : "d", "y", zero: zero, signed: signed).Output("y").Build(opset);
    }

    private static byte[] Biased(params long[] shape) => new GraphSketch().Input("x", shape).Pair("x", "a", zero: 128).Weights("w", [Channels, Channels], at => at % 60 - 30, 1)
        .Random("b", -1, 1, Channels).Node("MatMul", "a,w", "p").Node("Add", "p,b", "y").Output("y").Build();

    private static byte[] Product(int? axis = 1, Func<int, int>? weight = null, int rows = 4) => new GraphSketch().Input("x", rows, Channels).Pair("x", "a", zero: 128)
        .Weights("w", [Channels, Channels], weight ?? (at => at % 60 - 30), axis).Node("MatMul", "a,w", "p").Pair("p", "y", zero: 128).Output("y").Build();

    private static byte[] Concat(float one, float other) => new GraphSketch().Input("x", 1, Channels).Input("z", 1, Channels).Pair("x", "a", one).Pair("z", "b", other)
        .Node("Concat", "a,b", "c", ("axis", 1)).Pair("c", "y", one).Output("y").Build();

    // y = conv(x) + x
    private static byte[] Residual(bool both)
    {
        var sketch = new GraphSketch().Input("x", 1, Channels, 8, 8).Pair("x", "a", signed: true).Weights("w", [Channels, Channels, 1, 1], _ => 1).Node("Conv", "a,w", "c");
        if (both) sketch.Pair("c", "d", signed: true);
        return sketch.Node("Add", both ? "d,a" : "c,a", "s").Pair("s", "y", signed: true).Output("y").Build();
    }

    private static byte[] Operators(bool signedWeights = true, bool perChannel = true, Func<int, int>? weight = null)
    {
        var count = perChannel ? Channels : 1;
        long[] form = perChannel ? [Channels] : [], shape = [Channels, Channels, 3, 3];
        var values = Enumerable.Range(0, Channels * Channels * 9).Select(weight ?? (_ => 1)).ToList();
        return new GraphSketch().Input("x", DataType.Uint8, 1, Channels, 8, 8).Floats("s", [], 0.1f).Constant(ByteSketch.Zero("z", 0, signed: false)).Floats("ws", form, new float[count])
            .Constant(signedWeights ? TensorValues.Of("wz", form, new sbyte[count].AsSpan()) : TensorValues.Of("wz", form, new byte[count].AsSpan()))
            .Constant(signedWeights ? TensorValues.Of("w", shape, values.Select(value => (sbyte)value).ToArray().AsSpan()) : TensorValues.Of("w", shape, values.Select(value => (byte)value).ToArray().AsSpan()))
            .Node("QLinearConv", "x,s,z,w,ws,wz,s,z", "y").Output("y", DataType.Uint8).Build();
    }
}
