using System.Globalization;
using System.Net.Http.Headers;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>
/// When a server says to come again: <c>retry-after-ms</c> as servers of this project say it, gRPC's <c>grpc-retry-pushback-ms</c>, or
/// Retry-After of RFC 9110 in seconds or as a date.
/// </summary>
internal static class RetryAfter
{
    /// <summary>More than this is not believed: a server must not be lost for good by a slip of its clock.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    public static TimeSpan? Of(HttpResponseHeaders headers, TimeProvider time) =>
        Milliseconds(headers, "retry-after-ms") ?? Milliseconds(headers, "grpc-retry-pushback-ms") ?? Standard(headers, time);

    private static TimeSpan? Milliseconds(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? Bounded(TimeSpan.FromMilliseconds(Math.Min(milliseconds, (long)Most.TotalMilliseconds))) : null;

    private static TimeSpan? Standard(HttpResponseHeaders headers, TimeProvider time) => headers.RetryAfter switch
    {
        { Delta: { } delta } => Bounded(delta),
        { Date: { } date } => Bounded(date - (headers.Date ?? time.GetUtcNow())),
        _ => null,
    };

    private static TimeSpan Bounded(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait < Most ? wait : Most;
}
