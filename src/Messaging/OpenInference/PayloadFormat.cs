using System.Text;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>What a payload is, as its content type says.</summary>
public enum PayloadFormat : byte
{
    /// <summary><c>application/json</c>.</summary>
    Json,
    /// <summary><c>application/octet-stream</c>: a JSON header and binary sections.</summary>
    Binary,
    /// <summary><c>image/jpeg</c>.</summary>
    Jpeg,
    /// <summary><c>image/png</c>.</summary>
    Png,
}

/// <summary>Content types of <see cref="PayloadFormat"/>.</summary>
public static class PayloadFormats
{
    /// <summary>The content type on the wire.</summary>
    public static ReadOnlySpan<byte> ContentType(this PayloadFormat format) => format switch
    {
        PayloadFormat.Json => "application/json"u8,
        PayloadFormat.Binary => "application/octet-stream"u8,
        PayloadFormat.Jpeg => "image/jpeg"u8,
        _ => "image/png"u8,
    };

    /// <summary>Reads a content type: letter case and parameters such as <c>; charset=utf-8</c> do not matter.</summary>
    public static bool TryParse(ReadOnlySpan<byte> contentType, out PayloadFormat format)
    {
        var end = contentType.IndexOf((byte)';');
        var media = (end < 0 ? contentType : contentType[..end]).Trim((byte)' ');
        for (format = PayloadFormat.Json; format <= PayloadFormat.Png; format++)
            if (Ascii.EqualsIgnoreCase(media, format.ContentType())) return true;
        format = default;
        return false;
    }

    /// <summary>Reads the content type of a request, or says which ones there are.</summary>
    public static ProtocolError? Read(ReadOnlySpan<byte> contentType, out PayloadFormat format)
    {
        if (TryParse(contentType, out format)) return null;
        const string Known = "application/json, application/octet-stream, image/jpeg or image/png";
        return new(ProtocolErrorCode.InvalidContentType, contentType.IsEmpty
            ? $"no content type is given: it must be {Known}"
            : $"content type {ProtocolError.Quote(contentType)} is not {Known}");
    }
}
