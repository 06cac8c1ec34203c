namespace EdgeRuntime.Serving.Responses;

/// <summary>What an answer tells beside its content: which variant of which version answered, and where the time went.</summary>
internal readonly ref struct AnswerTale
{
    /// <summary>UTF-8; empty where no model answered.</summary>
    public ReadOnlySpan<byte> Variant { get; init; }
    /// <summary>Whether that is a lower rung than the best of its ladder.</summary>
    public bool IsDegraded { get; init; }
    /// <summary>Whether a server answered.</summary>
    public bool IsOffloaded { get; init; }
    /// <summary>As the answer says it.</summary>
    public ReadOnlySpan<byte> Route => IsOffloaded ? "offload"u8 : "local"u8;
    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> ModelVersion { get; init; }
    public TimeSpan Queue { get; init; }
    public TimeSpan Compute { get; init; }
    /// <summary>What is left until the request's deadline; null where the request was not admitted.</summary>
    public TimeSpan? Left { get; init; }
    /// <summary>Whether the request was admitted, so that the other members say something.</summary>
    public bool IsAdmitted => Left is not null;
}
