using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>How a request ended: why it was refused, as whoever refused it knows, and a text that names the thing, the value and the limit; or OK.</summary>
internal readonly record struct Outcome(RefusalReason Reason, string? Error = null, TimeSpan? RetryAfter = null)
{
    public static readonly Outcome Ok;

    /// <summary>As the answer says it.</summary>
    public InferenceStatus Status => Reason.Status();

    public static Outcome Invalid(string error) => new(RefusalReason.Malformed, error);

    public static Outcome Of(ProtocolError error) => new(error.Status == InferenceStatus.InvalidArgument ? RefusalReason.Malformed : RefusalReason.NotFinite, error.Message);

    public static Outcome Of(InferenceException error) => new(ReasonOf(error.Error), error.Message);

    private static RefusalReason ReasonOf(InferenceError error) => error switch
    {
        InferenceError.ShapeMismatch or InferenceError.TypeMismatch or InferenceError.ImageRefused => RefusalReason.Malformed,
        InferenceError.OverBudget => RefusalReason.Memory,
        InferenceError.ProviderUnavailable => RefusalReason.NotInService,
        _ => RefusalReason.Failed,
    };
}
