using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.Degradation.Caps;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class ConditionReportTests
{
    private static readonly ConditionReport Capped = new() { State = Condition.Capped, Cap = 1, Reason = "heat", Since = default, At = default, Readings = default };

    [Fact]
    public void StateName_EveryState_IsExplainedToOperators()
    {
        var rows = File.ReadLines(Path.Join(RepositoryPaths.Root, "docs/sensors.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        Assert.Equal(Enum.GetValues<Condition>().Select(state => (Capped with { State = state }).StateName), rows);
    }

    [Fact]
    public void Gauges_EveryStateAndRule_HasANameThatMetricsKnow()
    {
        Assert.Equal(ConditionGauges.States, Enum.GetValues<Condition>().Select(state => ConditionMetrics.Gauges(Capped with { State = state }).State));
        var settings = new SensorSettings();
        CapRule[] rules = [new MemoryRule(settings), new HeatRule(settings), new ThrottleRule(settings), new PowerRule(settings), new AcceleratorRule(settings), new LatencyRule(settings)];
        Assert.Equal(ConditionGauges.Rules, rules.Select(rule => rule.Name));
    }

    [Fact]
    public void Gauges_WhatWasRead_IsInBaseUnits()
    {
        var readings = new DeviceReadings(new MemoryReading(1 << 20, null, false, 12.5, null), new HeatReading("cpu", 70, 85), null, new PowerReading(80, true, 7));
        var gauges = ConditionMetrics.Gauges(Capped with { Readings = readings });
        Assert.Equal((70, 85, 1L << 20, 0.125, 7, 0.8), (gauges.Celsius, gauges.LimitCelsius, gauges.MemoryHeadRoom, gauges.MemoryPressure, gauges.Watts, gauges.Battery));
    }

    [Fact]
    public void Differs_ReadingsAndTimeAlone_AreNothingToTell()
    {
        Assert.False(Capped.Differs(Capped with { At = DateTimeOffset.UnixEpoch }));
        Assert.True(Capped.Differs(Capped with { Cap = 2 }));
        Assert.True(Capped.Differs(Capped with { State = Condition.Smallest }));
        Assert.True(Capped.Differs(Capped with { Reason = "memory" }));
    }
}
