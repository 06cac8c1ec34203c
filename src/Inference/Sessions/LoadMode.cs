namespace EdgeRuntime.Inference.Sessions;

/// <summary>How a file becomes a session; the table of what each costs is in docs/adr/0004-specialised-sessions.md.</summary>
internal enum LoadMode
{
    /// <summary>Fused but neither reordered nor packed, so that the bundle's own weights are used where they are mapped.</summary>
    Mapped,

    /// <summary>Everything ONNX Runtime can do, at the price of a private copy of the weights.</summary>
    InMemory,

    /// <summary>A specialised file, its weights used where they are mapped.</summary>
    Specialised,

    /// <summary>A specialised file with packed weights in it.</summary>
    Prepacked,
}
