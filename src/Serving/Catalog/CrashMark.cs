namespace EdgeRuntime.Serving.Catalog;

/// <summary>What a model may be doing at the instant at which the process ends; its value is a byte's place in the journal.</summary>
internal enum CrashMark
{
    Loading,
    Running,

    /// <summary>Its specialised form is being built.</summary>
    Preparing,
}
