using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Tracing;

/// <summary>What a trace tells of one answered request. Durations count from its arrival; names are the configuration's, never the sender's.</summary>
internal readonly record struct TracedRequest
{
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string Variant { get; init; }
    public required string Route { get; init; }
    public required InferenceStatus Status { get; init; }
    public required RefusalReason Reason { get; init; }
    /// <summary>Until it was admitted; zero where that was not noted.</summary>
    public TimeSpan Admitted { get; init; }
    /// <summary>Until its run began.</summary>
    public required TimeSpan Started { get; init; }
    /// <summary>Until its run ended.</summary>
    public required TimeSpan Computed { get; init; }
    /// <summary>Until its answer was on its way.</summary>
    public required TimeSpan Answered { get; init; }
}

/// <summary>A request that is to be exported: which trace it belongs to and when it arrived.</summary>
internal readonly record struct SampledRequest(TraceParent Span, ulong ParentSpan, DateTimeOffset Arrived, TracedRequest Request);
