namespace EdgeRuntime.Serving.Catalog;

/// <summary>Where a model is in its life; <see cref="LifeCycle"/> says how it gets from one to the next.</summary>
internal enum ModelState
{
    /// <summary>Known, and not in memory.</summary>
    Unloaded,

    /// <summary>It is being brought into service for the first time.</summary>
    Loading,

    /// <summary>It answers; another version of it may be on the way.</summary>
    Ready,

    /// <summary>It takes no more requests and answers those that wait.</summary>
    Draining,

    /// <summary>It could not be loaded.</summary>
    Failed,

    /// <summary>It broke while it served, and is tried again after a while.</summary>
    Quarantined,
}
