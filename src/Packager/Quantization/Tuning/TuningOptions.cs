namespace EdgeRuntime.Packaging.Quantization.Tuning;

/// <summary>What is tried to make layers in bytes more exact; whatever is tried is kept only where the answers are better for it.</summary>
internal sealed record TuningOptions
{
    public static TuningOptions Default { get; } = new();

    /// <summary>Layers as they are found.</summary>
    public static TuningOptions None { get; } = new() { Ranges = false, Biases = false };

    /// <summary>Other ways to choose ranges, where none was asked for.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>Biases corrected from layer to layer.</summary>
    public bool Biases { get; init; } = true;

    /// <summary>Weights rounded by what their layer answers (<c>--adaround</c>): some seconds more.</summary>
    public bool Rounding { get; init; }
}
