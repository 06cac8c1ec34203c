using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeRuntime.Serving.Http;

/// <summary>What a request wishes, from headers of the names that MQTT's user properties have.</summary>
internal static class HttpWishes
{
    private const int LongestValue = 256;

    private static readonly (string Name, byte[] Utf8)[] Names =
    [
        .. new[] { PropertyNames.DeadlineMs, PropertyNames.MinQuality, PropertyNames.Priority, PropertyNames.Offload, PropertyNames.TraceParent, PropertyNames.HeaderLength }
            .Select(name => (name, Encoding.ASCII.GetBytes(name))),
    ];

    /// <summary>Reads them; null where all are in their domains.</summary>
    public static HttpFailure? Read(IHeaderDictionary headers, out RequestProperties properties)
    {
        properties = new RequestProperties();
        foreach (var (name, utf8) in Names)
            foreach (var value in headers[name])
                if (Add(ref properties, name, utf8, value ?? "") is { } failure) return failure;
        return Accept(ref properties, headers.Accept);
    }

    private static HttpFailure? Add(ref RequestProperties properties, string name, byte[] utf8, string value)
    {
        Span<byte> bytes = stackalloc byte[LongestValue];
        if (!Encoding.UTF8.TryGetBytes(value, bytes, out int length)) return HttpFailure.Invalid(400, $"header '{name}' is longer than {LongestValue} bytes");
        if (properties.TryAdd(utf8, bytes[..length]) is not { } error) return null;
        return HttpFailure.Invalid(400, error.Message.StartsWith("user property", StringComparison.Ordinal) ? "header" + error.Message["user property".Length..] : error.Message);
    }

    private static HttpFailure? Accept(ref RequestProperties properties, StringValues header)
    {
        if (header.Count == 0) return null;
        if (!AcceptHeader.TryRead(header.ToString(), out var format)) return HttpFailure.Invalid(406, "answers are application/json or application/octet-stream, and the header 'accept' takes neither");
        if (format is { } wanted) properties.TryAdd("accept"u8, wanted.ContentType());
        return null;
    }
}
