namespace EdgeRuntime.Inference;

/// <summary>What happened to a served variant that an operator wants to know.</summary>
public enum InferenceEventKind
{
    /// <summary>It runs on another execution provider than the one wanted first.</summary>
    ProviderFallback,

    /// <summary>A specialised session was found in the cache and is used.</summary>
    CacheOpened,

    /// <summary>What the cache had may not be used.</summary>
    CacheRefused,

    /// <summary>Another form of the variant took over.</summary>
    Swapped,

    /// <summary>Specialisation failed; the plain form stays in service.</summary>
    SpecialisationFailed,
}

/// <summary>One such event. The text never holds request data.</summary>
public readonly record struct InferenceEvent(InferenceEventKind Kind, string Variant, string Text);
