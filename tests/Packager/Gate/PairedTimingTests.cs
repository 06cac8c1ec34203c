using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.Packaging.Variants;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Gate;

/// <summary>Real models, and a clock that says how long each run took.</summary>
public sealed class PairedTimingTests
{
    [Fact]
    public void Compare_OneDisturbedPair_IsForgotten()
    {
        // One run of each to see how many make a measurement; then pairs, whose order changes: parent first, variant first, ...
        double[] pairs = [30, 20, /**/ 20, 30, /**/ 900, 20, /**/ 20, 30, /**/ 30, 20, /**/ 20, 30, /**/ 30, 700, /**/ 20, 30, /**/ 30, 20];
        var compared = Compare([30, 20, .. pairs]);
        Assert.Equal((30, 20, 1.5, 9), (compared.ParentMilliseconds, compared.Milliseconds, compared.Speedup, compared.Pairs));
    }

    [Fact]
    public void Compare_MachineSlowsDownBetweenPairs_TheRatioStays()
    {
        var pairs = Enumerable.Range(0, PairedTiming.Pairs).SelectMany(pair => pair % 2 == 0 ? new[] { 40.0 * (pair + 1), 20.0 * (pair + 1) } : [20.0 * (pair + 1), 40.0 * (pair + 1)]);
        Assert.Equal(2, Compare([40, 20, .. pairs]).Speedup);
    }

    [Fact]
    public void Compare_ShortRuns_AreRepeatedUntilTheyCanBeTimed()
    {
        // 5 ms a run: four of them make the 20 ms of a measurement.
        var compared = Compare([5, 20, .. Enumerable.Range(0, PairedTiming.Pairs).SelectMany(pair => pair % 2 == 0 ? new[] { 20.0, 20.0 } : [20.0, 20.0])]);
        Assert.Equal((5, 20, 0.25), (compared.ParentMilliseconds, compared.Milliseconds, compared.Speedup));
    }

    private static SpeedComparison Compare(double[] milliseconds)
    {
        using var workshop = new Workshop();
        using var model = PlainModel.Open(workshop.Write("model.onnx", SmallModels.Plain()), VariantForge.Options);
        var clock = new ScriptedClock(milliseconds);
        var compared = new PairedTiming(new MadeUpData(model.Inputs, 1).Read(0), clock, TestContext.Current.CancellationToken).Compare(model, model);
        Assert.Equal(0, clock.Left);
        return compared;
    }

    /// <summary>Each second look at it is so much later than the one before.</summary>
    private sealed class ScriptedClock(double[] milliseconds) : TimeProvider
    {
        private int _looks;
        private long _now;

        public int Left => milliseconds.Length - _looks / 2;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _looks++ % 2 == 0 ? _now : _now += TimeSpan.FromMilliseconds(milliseconds[_looks / 2 - 1]).Ticks;
    }
}
