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
}
