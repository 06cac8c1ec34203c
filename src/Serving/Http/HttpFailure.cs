using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>A request that is not answered with what it asked for: the code of HTTP, and the outcome as on every way in.</summary>
/// <param name="Code">The status code.</param>
/// <param name="Outcome">Never OK.</param>
internal readonly record struct HttpFailure(int Code, Outcome Outcome)
{
    public static HttpFailure Of(in Outcome outcome) => new(CodeOf(outcome.Status), outcome);

    public static HttpFailure Invalid(int code, string error) => new(code, Outcome.Invalid(error));

    public static HttpFailure NotFound(string error) => new(404, new Outcome(RefusalReason.UnknownModel, error));

    public static int CodeOf(InferenceStatus status) => status switch
    {
        InferenceStatus.Ok => 200,
        InferenceStatus.InvalidArgument => 400,
        InferenceStatus.NotFound => 404,
        InferenceStatus.DeadlineExceeded => 504,
        InferenceStatus.ResourceExhausted => 429,
        InferenceStatus.Unavailable => 503,
        InferenceStatus.Cancelled => 499, // a code of nginx's: HTTP has none for a client that gave up
        _ => 500,
    };
}
