namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Names of the MQTT user properties of requests and responses.</summary>
public static class PropertyNames
{
    /// <summary>Request: the budget in milliseconds that is left when it is sent.</summary>
    public const string DeadlineMs = "deadline-ms";

    /// <summary>Request: the least quality, relative to the fp32 parent, 0 to 1.</summary>
    public const string MinQuality = "min-quality";

    /// <summary>Request: 0 lowest to 9.</summary>
    public const string Priority = "priority";

    /// <summary>Request: auto, never or only.</summary>
    public const string Offload = "offload";

    /// <summary>Request: content type of the answer.</summary>
    public const string Accept = "accept";

    /// <summary>Request: W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Both: bytes of the JSON header of a binary payload.</summary>
    public const string HeaderLength = "inference-header-content-length";

    /// <summary>Response: wire name of an <see cref="InferenceStatus"/>.</summary>
    public const string Status = "status";

    /// <summary>Response: id of the variant that answered.</summary>
    public const string Variant = "variant";

    /// <summary>Response: local or offload.</summary>
    public const string Route = "route";

    /// <summary>Response: why, in a word or a few.</summary>
    public const string Reason = "reason";

    /// <summary>Response: milliseconds after which another try has a chance.</summary>
    public const string RetryAfterMs = "retry-after-ms";

    /// <summary>Response: microseconds spent waiting.</summary>
    public const string QueueUs = "queue-us";

    /// <summary>Response: microseconds spent computing.</summary>
    public const string ComputeUs = "compute-us";

    /// <summary>Request: version of the model that is to answer. Response: version of the bundle that answered.</summary>
    public const string ModelVersion = "model-version";

    /// <summary>Streamed response: number of the part, from 0.</summary>
    public const string Sequence = "seq";

    /// <summary>Streamed response: true on the last part.</summary>
    public const string Last = "last";
}
