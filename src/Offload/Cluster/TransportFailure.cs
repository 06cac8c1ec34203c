using System.Security.Authentication;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>What the transport throws, as outcomes.</summary>
internal static class TransportFailure
{
    // HTTP/2, RFC 9113, section 7.
    private const long EnhanceYourCalm = 0xb;

    /// <summary>Whether this is one of those that a network brings about; others are bugs.</summary>
    public static bool IsExpected(Exception error) => error is HttpRequestException or IOException or OperationCanceledException or AuthenticationException;

    public static ClusterOutcome Outcome(Exception error, ClusterDeadline deadline, ClusterSite site)
    {
        if (deadline.IsGivenUp) return site.GivenUp();
        if (deadline.IsLate) return site.Late(deadline.Budget);
        if (error is OperationCanceledException) return site.Unreachable("no connection was open in time"); // the handler's own limit
        if (ProtocolFault(error) is { } fault)
            return fault.ErrorCode == EnhanceYourCalm ? site.Refused(Messaging.OpenInference.InferenceStatus.ResourceExhausted, "ENHANCE_YOUR_CALM", "", null) : site.Unreachable(fault.Message);
        return error is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError } http
            ? site.BadAnswer(http.Message) : site.Unreachable(Reason(error));
    }

    private static HttpProtocolException? ProtocolFault(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is HttpProtocolException fault) return fault;
        return null;
    }

    // Of a refused certificate or a broken connection the inner one says why.
    private static string Reason(Exception error) => error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{error.Message} ({inner.Message})" : error.Message;
}
