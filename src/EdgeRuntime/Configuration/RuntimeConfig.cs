using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Device.Configuration;

/// <summary>Reads edge-runtime.json.</summary>
internal static class RuntimeConfig
{
    private const string Role = "device";

    /// <inheritdoc cref="ServingConfig.Load"/>
    public static DeviceSettings Load(string path)
    {
        OffloadSettings? offload = null;
        SensorSettings? sensors = null;
        var serving = ServingConfig.Load(path, Role, (root, folder) =>
        {
            offload = root.Section("offload") is { } section ? Offload(section, folder) : null;
            sensors = SensorConfig.Read(root.Section("sensors"), folder);
            if (offload is not null && !root.Has("broker")) root.Problem("offload", "is given without a broker, by which servers are reached");
        });
        return new DeviceSettings { Serving = serving, Offload = offload, Sensors = sensors is null ? null : sensors with { TargetZones = serving.Target.ThermalZones } };
    }

    private static OffloadSettings Offload(ConfigSection section, string folder)
    {
        var defaults = new OffloadSettings();
        var settings = new OffloadSettings
        {
            InFlight = (int)section.Whole("inFlight", defaults.InFlight, 1, 1024),
            AtRisk = (int)section.Whole("atRisk", defaults.AtRisk, 0, 1024),
            Decisions = section.Text("decisions") is { } path ? Path.GetFullPath(path, folder) : null,
            RoundTrip = TimeSpan.FromMilliseconds(section.Whole("roundTripMs", (long)defaults.RoundTrip.TotalMilliseconds, 1, 60_000)),
            BytesPerSecond = section.Whole("bytesPerSecond", (long)defaults.BytesPerSecond, 100, 100_000_000_000),
        };
        section.Close();
        return settings;
    }
}
