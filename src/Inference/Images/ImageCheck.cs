using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference.Images;

/// <summary>Whether an encoded image may be decoded: a few bytes can state any number of pixels.</summary>
internal static class ImageCheck
{
    /// <summary>Null where it may; otherwise why not.</summary>
    public static InferenceException? Explain(ReadOnlySpan<byte> encoded, ImageLimits limits)
    {
        if (encoded.Length > limits.Encoded.Bytes) return Refused($"has {new ByteCount(encoded.Length)}, over the limit of {limits.Encoded}");
        if (ImageHeader.Read(encoded) is not { } header) return Refused("is no JPEG or PNG, or ends before it states its size");
        if (header.Width == 0 || header.Height == 0) return Refused($"({header.Format}) states {header.Width} x {header.Height} pixels");
        if (header.Width > limits.Side || header.Height > limits.Side || header.Width * header.Height > limits.Pixels)
        {
            return Refused($"({header.Format}) states {header.Width} x {header.Height} pixels, over the limit of {limits.Pixels} and {limits.Side} a side");
        }
        string? reason = header.Format == "JPEG" ? JpegStructure.Explain(encoded) : ImageHeader.ExplainPng(encoded);
        return reason is null ? null : Refused(reason);
    }

    private static InferenceException Refused(string what) => new(InferenceError.ImageRefused, $"the image {what}");
}
