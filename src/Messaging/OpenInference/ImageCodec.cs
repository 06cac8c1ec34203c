using EdgeRuntime.Messaging.OpenInference.Image;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Requests whose payload is one encoded image, <c>image/jpeg</c> or <c>image/png</c>. Only the image's header is read here.</summary>
public static class ImageCodec
{
    /// <summary>Checks that the payload is what its content type says and within the limits, and makes it the request's image.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> payload, PayloadFormat format, InferenceRequest request, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        request.Reset();
        if (PayloadSize.Check(payload.Length, limits) is { } error) return error;
        var image = payload.Span;
        var isType = format == PayloadFormat.Jpeg ? ImageHeader.IsJpeg(image) : format == PayloadFormat.Png && ImageHeader.IsPng(image);
        if (!isType) return new(ProtocolErrorCode.InvalidContentType, $"the payload is not {(format == PayloadFormat.Jpeg ? "image/jpeg" : "image/png")}, as its content type says: {Seen(image)}");
        if (!(format == PayloadFormat.Jpeg ? ImageHeader.TryJpegSize(image, out var width, out var height) : ImageHeader.TryPngSize(image, out width, out height)))
            return new(ProtocolErrorCode.InvalidImage, $"the image of {image.Length} bytes states no width and height");
        if (width * height > limits.MaxImagePixels)
            return new(ProtocolErrorCode.LimitExceeded, $"the image has {width} x {height} pixels, over the limit of {limits.MaxImagePixels}");
        request.Image = payload;
        return null;
    }

    private static string Seen(ReadOnlySpan<byte> image) =>
        image.IsEmpty ? "it is empty" :
        ImageHeader.IsJpeg(image) ? "it is a JPEG image" :
        ImageHeader.IsPng(image) ? "it is a PNG image" : $"it starts with {Convert.ToHexString(image[..Math.Min(4, image.Length)])}";
}
