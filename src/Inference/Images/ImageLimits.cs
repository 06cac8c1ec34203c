using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>What an encoded image may state and weigh.</summary>
public sealed record ImageLimits
{
    /// <summary>Width times height: 64 megapixels, 192 MB decoded.</summary>
    public long Pixels { get; init; } = 64_000_000;

    /// <summary>Width, and height: what JPEG can state at most.</summary>
    public long Side { get; init; } = 65_535;

    /// <summary>The encoded bytes.</summary>
    public ByteCount Encoded { get; init; } = new(64 << 20);
}
