namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>The thermal zones that count, and of them the one that is nearest to its limit.</summary>
internal sealed class HeatSensor(SensorSettings settings, TimeProvider time) : Sensor<HeatReading>(time)
{
    /// <summary>Where a zone counts as throttled of which neither the kernel nor the configuration says where.</summary>
    public const double UsualThrottle = 95;

    private ThermalZone[] _zones = [];

    public override void Dispose()
    {
        foreach (var zone in _zones) zone.Dispose();
    }

    protected override void Search()
    {
        ThermalZone[] all = [.. KernelFolder.Find(settings.Root, "sys/class/thermal", "thermal_zone").Select(folder => new ThermalZone(folder))];
        _zones = settings.Zones.Count > 0 ? Of(all, settings.Zones) : Of(all, settings.TargetZones) is { Length: > 0 } known ? known : all;
        foreach (var zone in all.Except(_zones)) zone.Dispose();
    }

    protected override HeatReading? Measure()
    {
        HeatReading? worst = null;
        foreach (var zone in _zones)
        {
            if (zone.Celsius is not { } celsius) continue;
            var reading = new HeatReading(zone.Type, celsius, Limit(zone.Trip));
            if (worst is null || reading.Excess > worst.Value.Excess) worst = reading;
        }
        return worst;
    }

    private double Limit(double trip) => Math.Min(trip, settings.ThrottleCelsius ?? (double.IsFinite(trip) ? trip : UsualThrottle));

    private static ThermalZone[] Of(ThermalZone[] zones, IReadOnlyList<string> types) => [.. zones.Where(zone => types.Contains(zone.Type))];
}
