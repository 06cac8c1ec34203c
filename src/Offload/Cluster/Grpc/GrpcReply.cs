using System.Globalization;
using System.Net.Http.Headers;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Grpc;

/// <summary>What the head and the trailers of an answer over gRPC say.</summary>
internal static class GrpcReply
{
    private const string Status = "grpc-status", Message = "grpc-message";

    /// <summary>A refusal that is told before any body: by HTTP, by a body that is no gRPC, or by a status in place of one.</summary>
    public static ClusterOutcome? Refusal(HttpResponseMessage response, ClusterSite site, TimeProvider time)
    {
        if (response.Headers.Contains(Status)) return Failure(response.Headers, site, time) ?? site.BadAnswer("it has grpc-status 0 and no message");
        var code = (int)response.StatusCode;
        if (code != 200)
        {
            var status = HttpStatus.Meaning(code);
            return site.Refused(status == InferenceStatus.Ok ? InferenceStatus.Internal : status, $"HTTP {code}", "", RetryAfter.Of(response.Headers, time));
        }
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        return type == "application/grpc" || type.StartsWith("application/grpc+", StringComparison.Ordinal) ? null : site.BadAnswer($"its content type is '{type}', not application/grpc");
    }

    /// <summary>What the status says; null for OK.</summary>
    public static ClusterOutcome? Failure(HttpResponseHeaders headers, ClusterSite site, TimeProvider time)
    {
        if (!headers.TryGetValues(Status, out var values)) return site.BadAnswer("it ended without grpc-status");
        if (!int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return site.BadAnswer("its grpc-status is no number");
        if (code == 0) return null;
        var (name, meaning) = GrpcStatus.Of(code);
        var text = headers.TryGetValues(Message, out var messages) ? GrpcStatus.Decode(messages.First()) : "";
        return site.Refused(meaning, $"gRPC {name}", text, RetryAfter.Of(headers, time));
    }
}
