using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Packing;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.Packaging.Variants;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Gate;

public sealed class SpeedGateTests : IDisposable
{
    private const long ParentBytes = 1000;

    private readonly Workshop _workshop = new();
    private readonly PlainModel _model;

    public SpeedGateTests() => _model = PlainModel.Open(_workshop.Write("model.onnx", SmallModels.Plain()), VariantForge.Options);

    public void Dispose()
    {
        _model.Dispose();
        _workshop.Dispose();
    }

    [Theory]
    [InlineData("int8", 1.0499, "10.000 ms against fp32's 10.499 ms (one thread, median of 9 pairs) is 1.05 x its speed, below the 1.05 x that int8 must reach")]
    [InlineData("int8-dynamic", 0.9, "10.000 ms against fp32's 9.000 ms (one thread, median of 9 pairs) is 0.90 x its speed, below the 1.05 x that int8-dynamic must reach")]
    [InlineData("int4-weights", 0.79, "is 0.79 x its speed, below the 0.80 x that int4-weights must reach")]
    public void Refusal_TooSlow_HasTheFigures(string precision, double speedup, string expected) => Assert.Contains(expected, Gate().Refusal(Made(precision, 500), Speed(speedup)));

    [Theory]
    [InlineData("int8", 1.05)]
    [InlineData("int8-dynamic", 1.05)]
    [InlineData("int4-weights", 0.8)]
    [InlineData("fp32", 0.1)]
    [InlineData("fp16", 0.1)]
    public void Refusal_FastEnoughOrNotTimed_IsNone(string precision, double speedup) => Assert.Null(Gate().Refusal(Made(precision, 500), Speed(speedup)));

    [Fact]
    public void Refusal_NotMeasured_IsNone() => Assert.Null(Gate().Refusal(Made("int8", 500), null));

    [Fact]
    public void Refusal_SavesTooLittle_HasTheFigures()
    {
        Assert.Equal("801 B are 0.80 of fp32's 1000 B, over the 0.80 that int4-weights must save to be worth it", Gate().Refusal(Made("int4-weights", 801), Speed(3)));
        Assert.Null(Gate().Refusal(Made("int4-weights", 800), Speed(3)));
    }

    [Theory]
    [InlineData("fp32", false)]
    [InlineData("fp16", false)]
    [InlineData("int8", true)]
    [InlineData("int8-dynamic", true)]
    [InlineData("int4-weights", true)]
    public void For_EachPrecision_TimesThoseThatAreForSpeedOrSize(string precision, bool timed) => Assert.Equal(timed, SpeedRule.For(precision) is not null);

    [Fact]
    public void Compare_KnownFigures_AreTakenAndNothingIsTimed()
    {
        var made = Made("int8", 500);
        Assert.Equal(Speed(2), Gate(Known(made.Digest.ToString(), Speed(2))).Compare(made, _model));
        Assert.Null(Gate(Known(made.Digest.ToString(), null)).Compare(made, _model));
    }

    [Fact]
    public void Compare_KnownFiguresOfOtherFiles_AreRefused()
    {
        var other = new string('0', 64);
        Assert.Contains($"variant 'int8' was measured as {other}", Assert.Throws<PackagerException>(() => Gate(Known(other, Speed(2))).Compare(Made("int8", 500), _model)).Message);
        Assert.Contains("no variant 'int8-dynamic', only int8", Assert.Throws<PackagerException>(() => Gate(Known(other, Speed(2))).Compare(Made("int8-dynamic", 500), _model)).Message);
    }

    [Fact]
    public void Compare_MachineOfNoTargetsKind_IsNotTimed()
    {
        var foreign = new[] { "x86-avx2", "arm64-generic" }.Select(Target.Load).Select(target => target with { CpuFlags = ["warp_drive"] }).ToList();
        Assert.Null(Gate(null, [.. foreign]).Compare(Made("int8", 500), _model));
        Assert.Null(Gate(null, Target.Load("jetson-orin-nano")).Compare(Made("int8", 500), _model)); // an accelerator's times are not this CPU's
    }

    [Fact]
    public void Compare_MachineOfTheKind_IsTimed()
    {
        var here = new[] { "x86-avx2", "arm64-generic" }.Select(Target.Load).Select(target => target with { CpuFlags = [] }).Single(target => MachineKind.Refusal(target) is null);
        Assert.Equal(PairedTiming.Pairs, Gate(null, here).Compare(Made("int8", 500), _model)!.Pairs);
        Assert.Null(Gate(null, here).Compare(Made("fp16", 500), _model));
    }

    private SpeedGate Gate(KnownSpeeds? known = null, params Target[] targets) =>
        new(_model, new ByteCount(ParentBytes), targets, new PairedTiming(new MadeUpData(_model.Inputs, 1).Read(0), TimeProvider.System, default), known);

    private static KnownSpeeds Known(string digest, SpeedComparison? speed) => new(new MeasuredFile
    {
        Variants = new(StringComparer.Ordinal) { ["int8"] = new MeasuredVariant { Digest = digest, PeakMemoryBytes = 0, Latencies = [], Comparison = speed } },
    }, "old.measured.json");

    private MadeVariant Made(string precision, long bytes) =>
        new(new VariantRecipe(precision, precision, null, []), Path.GetDirectoryName(Bits.Export(Bits.Import(SmallModels.Plain()), _workshop["variants", precision]))!, [], new ByteCount(bytes), new GoldenAgreement(1, 0));

    private static SpeedComparison Speed(double speedup) => new() { ParentMilliseconds = 10 * speedup, Milliseconds = 10, Speedup = speedup, Pairs = 9 };
}
