using EdgeRuntime.Bundles;

namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Which sensors are read, and what their readings may be. Immutable.</summary>
internal sealed record SensorSettings
{
    /// <summary>Where /proc and /sys lie.</summary>
    public string Root { get; init; } = "/";

    public SensorKinds Kinds { get; init; } = SensorKinds.All;

    /// <summary>Types of the thermal zones that count; empty for the target's, and for all where the machine has none of those.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>The zones that the target names.</summary>
    public IReadOnlyList<string> TargetZones { get; init; } = [];

    /// <summary>The most that a zone may reach; the kernel's passive trip point counts where it is lower. Null for the trip point alone, or 95 where there is none.</summary>
    public double? ThrottleCelsius { get; init; }

    /// <summary>Below this charge, and without mains, smaller rungs are taken; 0 for never.</summary>
    public double BatteryFloorPercent { get; init; } = 20;

    /// <summary>The most that the power monitors may show; null for no limit.</summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>What stays free of every limit of memory.</summary>
    public ByteCount MemoryReserve { get; init; } = ByteCount.FromMebibytes(64);

    /// <summary>The most of ten seconds that tasks may have waited for memory, in percent.</summary>
    public double PressureLimitPercent { get; init; } = 10;

    /// <summary>How often is looked.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long all must have been well before a better rung is allowed again.</summary>
    public TimeSpan Dwell { get; init; } = TimeSpan.FromSeconds(10);

    public bool Reads(SensorKinds kind) => (Kinds & kind) != 0;
}
