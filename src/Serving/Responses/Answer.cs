using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Responses;

/// <summary>An answer as it is sent; what it refers to is its writer's and valid during the call only.</summary>
internal readonly ref struct Answer
{
    public required Outcome Outcome { get; init; }

    /// <summary>An Open Inference response, or <c>{"error": ...}</c>.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    public required PayloadFormat Format { get; init; }

    /// <summary>The bytes of the JSON header of a binary payload.</summary>
    public int HeaderLength { get; init; }

    public required AnswerTale Tale { get; init; }

    /// <summary>Why it is not what was asked for: the refusal's word, or that a lower rung than the best answered; else empty.</summary>
    public ReadOnlySpan<byte> Reason => Outcome.Reason != RefusalReason.None ? Outcome.Reason.WireName() : Tale.IsDegraded ? RefusalReasons.Degraded : default;
}
