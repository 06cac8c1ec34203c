using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>What a status code of HTTP says to the one who asked.</summary>
internal static class HttpStatus
{
    public static InferenceStatus Meaning(int code) => code switch
    {
        200 => InferenceStatus.Ok,
        404 or 410 => InferenceStatus.NotFound,
        408 or 504 => InferenceStatus.DeadlineExceeded,
        429 => InferenceStatus.ResourceExhausted,
        499 => InferenceStatus.Cancelled,
        502 or 503 => InferenceStatus.Unavailable,
        // Not let in, or no such endpoint: this server's fault, not that of the one who asked it.
        401 or 403 or 405 or 407 => InferenceStatus.Internal,
        >= 400 and < 500 => InferenceStatus.InvalidArgument,
        _ => InferenceStatus.Internal,
    };
}
