using EdgeRuntime.Device.Degradation.Caps;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Serving.Metrics;

namespace EdgeRuntime.Device.Degradation;

/// <summary>How a device is at one instant. Immutable: readers take one and need no lock.</summary>
internal sealed record ConditionReport
{
    public required Condition State { get; init; }

    /// <summary>The best rung that may be used; 0 for all.</summary>
    public required int Cap { get; init; }

    /// <summary>Of the strictest rule, with values and limits as they were when it last changed something; empty where none holds.</summary>
    public required string Reason { get; init; }

    /// <summary>That rule's name; empty where none holds.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Whether that rule is memory's: what better rungs hold is wanted.</summary>
    public bool FreesMemory => Rule == MemoryRule.Memory;

    /// <summary>Since when it is in this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was looked at. One that is older than a few intervals means a kernel that does not answer.</summary>
    public required DateTimeOffset At { get; init; }

    public required DeviceReadings Readings { get; init; }

    /// <summary>The state as it is published.</summary>
    public string StateName => ConditionGauges.States[(int)State];

    /// <summary>Whether somebody who was told the other one has to be told this one.</summary>
    public bool Differs(ConditionReport other) => State != other.State || Cap != other.Cap || Reason != other.Reason;
}
