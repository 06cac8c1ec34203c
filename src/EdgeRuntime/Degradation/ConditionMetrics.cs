using EdgeRuntime.Serving.Metrics;

namespace EdgeRuntime.Device.Degradation;

/// <summary>A report as metrics tell it.</summary>
internal static class ConditionMetrics
{
    private const double Percent = 100;

    public static ConditionGauges Gauges(ConditionReport report)
    {
        var readings = report.Readings;
        return new ConditionGauges
        {
            State = report.StateName,
            Cap = report.Cap,
            Rule = report.Rule,
            Celsius = readings.Heat?.Celsius,
            LimitCelsius = readings.Heat?.Limit,
            MemoryHeadRoom = readings.Memory?.HeadRoom,
            MemoryPressure = readings.Memory?.Pressure / Percent,
            Watts = readings.Power?.Watts,
            Battery = readings.Power?.BatteryPercent / Percent,
        };
    }
}
