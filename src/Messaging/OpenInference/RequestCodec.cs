namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Reads a request of any payload format; the front door of a server.</summary>
public static class RequestCodec
{
    /// <summary>Reads a request by its content type.</summary>
    /// <param name="contentType">The MQTT content type, UTF-8; empty where there is none, which is refused.</param>
    /// <param name="properties">The user properties, for the header length of a binary payload.</param>
    /// <param name="payload">The payload, which must stay as it is until the request is reset.</param>
    /// <param name="request">Is reset, then filled. After an error only reset it.</param>
    /// <param name="limits">What may be asked for.</param>
    public static ProtocolError? Read(
        ReadOnlySpan<byte> contentType, in RequestProperties properties, ReadOnlyMemory<byte> payload, InferenceRequest request, ProtocolLimits limits)
    {
        if (PayloadFormats.Read(contentType, out var format) is { } error) return error;
        return format switch
        {
            PayloadFormat.Json => JsonCodec.Read(payload, request, limits),
            PayloadFormat.Binary => BinaryCodec.Read(payload, properties.HeaderLength, request, limits),
            _ => ImageCodec.Read(payload, format, request, limits),
        };
    }
}
