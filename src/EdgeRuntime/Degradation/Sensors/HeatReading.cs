namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>The thermal zone that is nearest to its limit.</summary>
/// <param name="Zone">Its type, as the kernel names it.</param>
/// <param name="Celsius">Its temperature.</param>
/// <param name="Limit">Where it is throttled; degrees Celsius.</param>
internal readonly record struct HeatReading(string Zone, double Celsius, double Limit)
{
    /// <summary>Degrees above the limit; negative below it.</summary>
    public double Excess => Celsius - Limit;
}
