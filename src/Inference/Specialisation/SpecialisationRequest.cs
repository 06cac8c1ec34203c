using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Cache;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>What is to be specialised, for what, and with which inputs it is tried.</summary>
internal sealed record SpecialisationRequest
{
    public required string ModelPath { get; init; }

    /// <summary>The bytes of the model's files.</summary>
    public required long WeightBytes { get; init; }

    public required IReadOnlyList<TensorSpec> Inputs { get; init; }

    public required IReadOnlyList<TensorSpec> Outputs { get; init; }

    public required Func<SampleInputs> Sample { get; init; }

    public required ExecutionOptions Options { get; init; }

    public required string Provider { get; init; }

    public required CacheKey Key { get; init; }
}
