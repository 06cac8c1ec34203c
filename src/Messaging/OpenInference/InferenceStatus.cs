namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Outcome of a request as told in the response property <c>status</c>; wire names are those of <see cref="InferenceStatuses"/>.</summary>
public enum InferenceStatus : byte
{
    /// <summary>OK: the payload is the answer.</summary>
    Ok,
    /// <summary>INVALID_ARGUMENT: the request can never succeed as it is.</summary>
    InvalidArgument,
    /// <summary>NOT_FOUND: no such model here.</summary>
    NotFound,
    /// <summary>DEADLINE_EXCEEDED: the answer would have been, or was, too late.</summary>
    DeadlineExceeded,
    /// <summary>RESOURCE_EXHAUSTED: a queue or a quota is full; see <c>retry-after-ms</c>.</summary>
    ResourceExhausted,
    /// <summary>UNAVAILABLE: the device or the model is not ready, or is shutting down.</summary>
    Unavailable,
    /// <summary>CANCELLED: the client gave the request up.</summary>
    Cancelled,
    /// <summary>INTERNAL: the model or the runtime failed.</summary>
    Internal,
}

/// <summary>Wire names of <see cref="InferenceStatus"/>.</summary>
public static class InferenceStatuses
{
    /// <summary>The name on the wire, such as INVALID_ARGUMENT.</summary>
    public static ReadOnlySpan<byte> WireName(this InferenceStatus status) => status switch
    {
        InferenceStatus.Ok => "OK"u8,
        InferenceStatus.InvalidArgument => "INVALID_ARGUMENT"u8,
        InferenceStatus.NotFound => "NOT_FOUND"u8,
        InferenceStatus.DeadlineExceeded => "DEADLINE_EXCEEDED"u8,
        InferenceStatus.ResourceExhausted => "RESOURCE_EXHAUSTED"u8,
        InferenceStatus.Unavailable => "UNAVAILABLE"u8,
        InferenceStatus.Cancelled => "CANCELLED"u8,
        _ => "INTERNAL"u8,
    };

    /// <summary>Reads a wire name; an unknown one is refused, not guessed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> wireName, out InferenceStatus status)
    {
        for (status = InferenceStatus.Ok; status <= InferenceStatus.Internal; status++)
            if (wireName.SequenceEqual(status.WireName())) return true;
        status = InferenceStatus.Internal;
        return false;
    }
}
