namespace EdgeRuntime.Packaging.Quantization.Tuning;

/// <summary>What was found on samples to make layers in bytes more exact. A layer is known by the value that its node makes in float.</summary>
internal sealed record LayerTuning
{
    public static LayerTuning None { get; } = new();

    /// <summary>Weights in bytes; of layers that are not there, those nearest to the exact ones are taken.</summary>
    public IReadOnlyDictionary<string, ConvolutionWeights> Weights { get; init; } = new Dictionary<string, ConvolutionWeights>();

    /// <summary>To add to a layer's bias, for each output channel.</summary>
    public IReadOnlyDictionary<string, double[]> Shifts { get; init; } = new Dictionary<string, double[]>();

    public double[] Shift(string layer, double[] correction) => Shifts.TryGetValue(layer, out var shift) ? [.. correction.Zip(shift, (one, other) => one + other)] : correction;
}
