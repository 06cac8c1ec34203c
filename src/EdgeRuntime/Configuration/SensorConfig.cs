using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Device.Configuration;

/// <summary>Reads the section <c>sensors</c>.</summary>
internal static class SensorConfig
{
    private const int MostZones = 64;

    /// <returns>Null where the device is told not to look at itself.</returns>
    public static SensorSettings? Read(ConfigSection? section, string folder)
    {
        var defaults = new SensorSettings();
        if (section is null) return defaults;
        bool isOn = section.Flag("enabled", true);
        double throttle = section.Number("throttleCelsius", 0, 40, 125), power = section.Number("powerLimitWatts", 0, 0.1, 10_000);
        var settings = new SensorSettings
        {
            Root = section.Text("root") is { } root ? Path.GetFullPath(root, folder) : defaults.Root,
            Zones = section.Texts("zones", MostZones),
            ThrottleCelsius = throttle > 0 ? throttle : null,
            BatteryFloorPercent = section.Number("batteryFloorPercent", defaults.BatteryFloorPercent, 0, 100),
            PowerLimitWatts = power > 0 ? power : null,
            MemoryReserve = new ByteCount(section.Whole("memoryReserveBytes", defaults.MemoryReserve.Bytes, 1 << 20, 1L << 40)),
            PressureLimitPercent = section.Number("pressureLimitPercent", defaults.PressureLimitPercent, 1, 100),
            Interval = TimeSpan.FromMilliseconds(section.Whole("intervalMs", (long)defaults.Interval.TotalMilliseconds, 200, 10_000)),
            Dwell = TimeSpan.FromMilliseconds(section.Whole("dwellMs", (long)defaults.Dwell.TotalMilliseconds, 1000, 600_000)),
        };
        section.Close();
        return isOn ? settings : null;
    }
}
