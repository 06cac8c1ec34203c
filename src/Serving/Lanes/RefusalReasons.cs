using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Names of <see cref="RefusalReason"/>, as answers, metrics and traces show them, and the status of each.</summary>
internal static class RefusalReasons
{
    public const int Count = (int)RefusalReason.ShuttingDown + 1;

    /// <summary>No refusal: an answer of a lower rung than the best.</summary>
    public static ReadOnlySpan<byte> Degraded => "degraded"u8;

    public static ReadOnlySpan<byte> WireName(this RefusalReason reason) => reason switch
    {
        RefusalReason.None => "none"u8,
        RefusalReason.Malformed => "malformed"u8,
        RefusalReason.UnknownModel => "unknown_model"u8,
        RefusalReason.UnknownVersion => "unknown_version"u8,
        RefusalReason.Unfit => "unfit"u8,
        RefusalReason.Loading => "loading"u8,
        RefusalReason.NotInService => "not_in_service"u8,
        RefusalReason.Quarantined => "quarantined"u8,
        RefusalReason.Expired => "expired"u8,
        RefusalReason.Memory => "memory"u8,
        RefusalReason.Quota => "quota"u8,
        RefusalReason.Share => "share"u8,
        RefusalReason.QueueFull => "queue_full"u8,
        RefusalReason.OverTarget => "over_target"u8,
        RefusalReason.Promised => "promised"u8,
        RefusalReason.NoTime => "no_time"u8,
        RefusalReason.Displaced => "displaced"u8,
        RefusalReason.Waited => "waited"u8,
        RefusalReason.Cancelled => "cancelled"u8,
        RefusalReason.Deadline => "deadline"u8,
        RefusalReason.Hung => "hung"u8,
        RefusalReason.NotFinite => "not_finite"u8,
        RefusalReason.NoServer => "no_server"u8,
        RefusalReason.ServerBusy => "server_busy"u8,
        RefusalReason.ShuttingDown => "shutting_down"u8,
        _ => "failed"u8,
    };

    /// <summary>The status of an answer for that reason.</summary>
    public static InferenceStatus Status(this RefusalReason reason) => reason switch
    {
        RefusalReason.None => InferenceStatus.Ok,
        RefusalReason.Malformed => InferenceStatus.InvalidArgument,
        RefusalReason.UnknownModel or RefusalReason.UnknownVersion => InferenceStatus.NotFound,
        RefusalReason.Expired or RefusalReason.NoTime or RefusalReason.Waited or RefusalReason.Deadline or RefusalReason.Hung => InferenceStatus.DeadlineExceeded,
        RefusalReason.Memory or RefusalReason.Quota or RefusalReason.Share or RefusalReason.QueueFull => InferenceStatus.ResourceExhausted,
        RefusalReason.OverTarget or RefusalReason.Promised or RefusalReason.Displaced or RefusalReason.ServerBusy => InferenceStatus.ResourceExhausted,
        RefusalReason.Unfit or RefusalReason.Loading or RefusalReason.NotInService => InferenceStatus.Unavailable,
        RefusalReason.Quarantined or RefusalReason.NoServer or RefusalReason.ShuttingDown => InferenceStatus.Unavailable,
        RefusalReason.Cancelled => InferenceStatus.Cancelled,
        _ => InferenceStatus.Internal,
    };
}
