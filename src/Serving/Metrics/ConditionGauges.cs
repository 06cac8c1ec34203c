namespace EdgeRuntime.Serving.Metrics;

/// <summary>How a device is, as its slow loop says; what is null is not shown.</summary>
internal readonly record struct ConditionGauges
{
    /// <summary>States that a device may be in, as they are published, from the best to the worst.</summary>
    public static readonly string[] States = ["normal", "capped", "smallest", "shedding"];

    /// <summary>What may hold the cap of its ladders.</summary>
    public static readonly string[] Rules = ["memory", "heat", "throttling", "power", "accelerator", "latency"];

    /// <summary>One of <see cref="States"/>.</summary>
    public required string State { get; init; }
    /// <summary>The best rung that may be used; 0 for all.</summary>
    public required int Cap { get; init; }
    /// <summary>One of <see cref="Rules"/>; empty where none holds the cap.</summary>
    public required string Rule { get; init; }
    /// <summary>Of the thermal zone that is nearest to its limit.</summary>
    public double? Celsius { get; init; }
    /// <summary>Where that zone is throttled.</summary>
    public double? LimitCelsius { get; init; }
    /// <summary>Up to the nearest limit of memory; bytes.</summary>
    public long? MemoryHeadRoom { get; init; }
    /// <summary>The part of the last ten seconds in which some task waited for memory.</summary>
    public double? MemoryPressure { get; init; }
    /// <summary>What the power monitors show.</summary>
    public double? Watts { get; init; }
    /// <summary>The charge of the battery; 1 for full.</summary>
    public double? Battery { get; init; }
}
