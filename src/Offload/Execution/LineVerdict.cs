namespace EdgeRuntime.Offload.Execution;

/// <summary>Whether the cluster is asked for a request, or why not.</summary>
internal enum LineVerdict : byte
{
    Taken,
    /// <summary>The cluster does not answer at all.</summary>
    Away,
    /// <summary>It does not have the model ready.</summary>
    NotReady,
    /// <summary>The bundle that goes around the model is not in service here.</summary>
    NoBundle,
    /// <summary>Its answers are below the request's floor.</summary>
    BelowFloor,
    /// <summary>Another version was asked for.</summary>
    OtherVersion,
    /// <summary>Calls fail; it is left alone for a while.</summary>
    Broken,
    /// <summary>It has asked to be left alone.</summary>
    Busy,
    /// <summary>As many calls are under way as it bears.</summary>
    Full,
    /// <summary>It would not answer in time.</summary>
    NoTime,
}
