using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Device.Configuration;

/// <summary>All that edge-runtime.json says, validated. Immutable.</summary>
internal sealed record DeviceSettings
{
    public required ServingSettings Serving { get; init; }

    /// <summary>What the device looks at to know how it is; null where it does not look.</summary>
    public SensorSettings? Sensors { get; init; }

    /// <summary>Null where no server is asked.</summary>
    public OffloadSettings? Offload { get; init; }
}
