using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>Why a request was not answered with a result: finer than its status, and from a closed set, so that it can be counted by.</summary>
internal enum RefusalReason : byte
{
    /// <summary>It was answered.</summary>
    None,
    /// <summary>Envelope, properties or payload are not what the protocol or the model asks for.</summary>
    Malformed,
    /// <summary>No model of that name is configured.</summary>
    UnknownModel,
    /// <summary>The model is configured, and is not loaded or does not fit the request's wishes.</summary>
    NotInService,
    /// <summary>The model's queue or the device's bytes are at their limit.</summary>
    QueueFull,
    /// <summary>The client has as many requests waiting as it may.</summary>
    Quota,
    /// <summary>It would not have been ready in time: told at admission.</summary>
    NoTime,
    /// <summary>Its deadline passed.</summary>
    Deadline,
    /// <summary>The client gave it up.</summary>
    Cancelled,
    /// <summary>The device shuts down.</summary>
    ShuttingDown,
    /// <summary>The model misbehaved and is kept apart for a while.</summary>
    Quarantined,
    /// <summary>The model or the runtime failed on it.</summary>
    Failed,
    /// <summary>More runs at once than the device sustains.</summary>
    Overload,
}

/// <summary>Names of <see cref="RefusalReason"/>, as metrics and traces show them.</summary>
internal static class RefusalReasons
{
    public const int Count = (int)RefusalReason.Overload + 1;

    public static ReadOnlySpan<byte> WireName(this RefusalReason reason) => reason switch
    {
        RefusalReason.None => "none"u8,
        RefusalReason.Malformed => "malformed"u8,
        RefusalReason.UnknownModel => "unknown_model"u8,
        RefusalReason.NotInService => "not_in_service"u8,
        RefusalReason.QueueFull => "queue_full"u8,
        RefusalReason.Quota => "quota"u8,
        RefusalReason.NoTime => "no_time"u8,
        RefusalReason.Deadline => "deadline"u8,
        RefusalReason.Cancelled => "cancelled"u8,
        RefusalReason.ShuttingDown => "shutting_down"u8,
        RefusalReason.Quarantined => "quarantined"u8,
        RefusalReason.Failed => "failed"u8,
        _ => "overload"u8,
    };

    /// <summary>The reason that a status stands for where none is given beside it.</summary>
    public static RefusalReason Of(InferenceStatus status) => status switch
    {
        InferenceStatus.Ok => RefusalReason.None,
        InferenceStatus.InvalidArgument => RefusalReason.Malformed,
        InferenceStatus.NotFound => RefusalReason.UnknownModel,
        InferenceStatus.DeadlineExceeded => RefusalReason.Deadline,
        InferenceStatus.ResourceExhausted => RefusalReason.QueueFull,
        InferenceStatus.Unavailable => RefusalReason.NotInService,
        InferenceStatus.Cancelled => RefusalReason.Cancelled,
        _ => RefusalReason.Failed,
    };
}
