namespace EdgeRuntime.Device.Degradation;

/// <summary>What the slow loop asks of the rest of the device at each look, on its own thread.</summary>
internal sealed record SlowLoopInputs
{
    /// <summary>What each rung needs at present. Another one where models come or go; it may have another number of rungs.</summary>
    public required Func<RungMemory> Ladder { get; init; }

    /// <summary>Runs that an accelerator failed, ever.</summary>
    public Func<long> AcceleratorErrors { get; init; } = static () => 0;

    /// <summary>The model that is farthest above its latency target, or least below it; null where none has one, or nothing was asked lately.</summary>
    public Func<LatencyStanding?> Latency { get; init; } = static () => null;
}
