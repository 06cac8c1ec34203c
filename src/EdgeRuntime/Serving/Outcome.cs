using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>How a request ended: a status, and for all but OK a text that names the thing, the value and the limit.</summary>
internal readonly record struct Outcome(InferenceStatus Status, string? Error = null, TimeSpan? RetryAfter = null)
{
    public static readonly Outcome Ok = new(InferenceStatus.Ok);

    public static Outcome Invalid(string error) => new(InferenceStatus.InvalidArgument, error);

    public static Outcome Of(ProtocolError error) => new(error.Status, error.Message);

    public static Outcome Of(InferenceException error) => new(StatusOf(error.Error), error.Message);

    private static InferenceStatus StatusOf(InferenceError error) => error switch
    {
        InferenceError.ShapeMismatch or InferenceError.TypeMismatch or InferenceError.ImageRefused => InferenceStatus.InvalidArgument,
        InferenceError.OverBudget => InferenceStatus.ResourceExhausted,
        InferenceError.ProviderUnavailable => InferenceStatus.Unavailable,
        _ => InferenceStatus.Internal,
    };
}
