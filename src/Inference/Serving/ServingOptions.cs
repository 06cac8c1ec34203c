namespace EdgeRuntime.Inference;

/// <summary>How a variant is kept in service.</summary>
public sealed record ServingOptions
{
    /// <summary>Whether a specialised form is built where there is none.</summary>
    public bool Specialise { get; init; } = true;

    /// <summary>Whether memory that opening freed goes back to the system at once; not worth its time where the process ends soon.</summary>
    public bool ReturnsMemory { get; init; } = true;

    /// <summary>How long after opening all digests of a cached form are checked, in the background.</summary>
    public TimeSpan VerifyAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of what an operator wants to know, from any thread; must not block.</summary>
    public Action<InferenceEvent>? Log { get; init; }

    /// <summary>How long after its deadline a run may take to notice that it is to end; after that it counts as hung and is given up.</summary>
    public TimeSpan HangGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Told, on the thread pool, that a run is given up: its thread never comes back to its caller, its context must not be touched any more,
    /// and its session is freed when the run ends after all.
    /// </summary>
    public Action? Hung { get; init; }
}
