namespace EdgeRuntime.Serving.Catalog;

/// <summary>What happens to a model.</summary>
internal enum ModelEvent
{
    /// <summary>Somebody wants it in service.</summary>
    LoadAsked,

    /// <summary>A version of it is open and tested.</summary>
    Loaded,

    /// <summary>No version could be opened, or it failed its test.</summary>
    LoadFailed,

    /// <summary>Somebody wants it out of service, or its memory.</summary>
    UnloadAsked,

    /// <summary>What waited is answered.</summary>
    Drained,

    /// <summary>It failed too often, hung, or took the process with it.</summary>
    Broke,
}
