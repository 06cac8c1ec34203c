namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// Why a request was not answered with a result, by the stage that said so: finer than its status, which follows from it, and from a closed set, so
/// that it can be counted by.
/// </summary>
internal enum RefusalReason : byte
{
    /// <summary>It was answered.</summary>
    None,

    // What is asked for.

    /// <summary>Envelope, properties or payload are not what the protocol or the model asks for.</summary>
    Malformed,
    /// <summary>No model of that name is configured.</summary>
    UnknownModel,
    /// <summary>That version of the model is not served here.</summary>
    UnknownVersion,
    /// <summary>The model is ready and cannot grant the request's wishes.</summary>
    Unfit,

    // The model.

    /// <summary>It is being loaded, or will be now that it was asked for.</summary>
    Loading,
    /// <summary>It is not loaded: on request, or because that failed.</summary>
    NotInService,
    /// <summary>It misbehaved and is kept apart for a while.</summary>
    Quarantined,

    // Admission.

    /// <summary>The deadline had passed when the request was complete.</summary>
    Expired,
    /// <summary>The bytes of the device, or of the link or the HTTP server, are at their limit.</summary>
    Memory,
    /// <summary>The client has as many requests waiting as it may.</summary>
    Quota,
    /// <summary>The client has its share of what the model takes at once, and others ask too.</summary>
    Share,
    /// <summary>The model's queue is at its limit.</summary>
    QueueFull,
    /// <summary>So many wait that the model's latency target would be missed.</summary>
    OverTarget,
    /// <summary>It would make one late that was accepted before.</summary>
    Promised,
    /// <summary>It would not have been ready in time.</summary>
    NoTime,

    // What was admitted.

    /// <summary>A request of higher priority took its place in the queue.</summary>
    Displaced,
    /// <summary>It waited until the model would not have answered in time.</summary>
    Waited,
    /// <summary>The client gave it up.</summary>
    Cancelled,
    /// <summary>Its deadline passed while it ran.</summary>
    Deadline,
    /// <summary>Its run did not end, and was given up.</summary>
    Hung,
    /// <summary>The answer is not a number.</summary>
    NotFinite,
    /// <summary>The model or the runtime failed on it.</summary>
    Failed,

    // Servers.

    /// <summary>No server can be asked, or the one that was asked is gone.</summary>
    NoServer,
    /// <summary>The server that was asked had no room for it.</summary>
    ServerBusy,

    /// <summary>The device shuts down.</summary>
    ShuttingDown,
}
