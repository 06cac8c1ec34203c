using System.Globalization;
using System.Net.Http.Headers;

namespace EdgeRuntime.Offload.Cluster.Http;

/// <summary>The head of an answer over HTTP whose body was received.</summary>
/// <param name="Code">The status code.</param>
/// <param name="HeaderLength">Inference-Header-Content-Length as it stands; null where it is absent.</param>
/// <param name="RetryAfter">When to come again, where it says so.</param>
internal readonly record struct HttpReply(int Code, string? HeaderLength, TimeSpan? RetryAfter)
{
    public const string HeaderLengthName = "Inference-Header-Content-Length";

    public static HttpReply Of(HttpResponseMessage response, TimeProvider time) =>
        new((int)response.StatusCode, First(response.Headers) ?? First(response.Content.Headers), Cluster.RetryAfter.Of(response.Headers, time));

    /// <summary>The length as a number; false where it is none.</summary>
    public bool TryHeaderLength(out int length) => int.TryParse(HeaderLength, NumberStyles.None, CultureInfo.InvariantCulture, out length);

    private static string? First(HttpHeaders headers) => headers.TryGetValues(HeaderLengthName, out var values) ? values.First() : null;
}
