using System.Globalization;
using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Http;

/// <summary>The Open Inference Protocol v2 over HTTP/1.1. Source: KServe, Open Inference Protocol (v2), REST API; Triton, extension "binary tensor data".</summary>
internal sealed partial class HttpClusterClient : IClusterClient
{
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _base;
    private readonly HttpMessageInvoker _invoker;
    private readonly SectionSupport _sections;

    /// <exception cref="ClusterException">A certificate cannot be read.</exception>
    public HttpClusterClient(ClusterOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _base = new Uri(options.Url.AbsoluteUri.TrimEnd('/') + "/");
        Address = _base.AbsoluteUri.TrimEnd('/');
        _invoker = ClusterTransport.Open(options);
        _sections = new SectionSupport(options.Encoding, time);
    }

    public string Address { get; }

    public void Dispose() => _invoker.Dispose();

    // Sends, and receives the whole body. The failure is null if there is an answer, whatever it says.
    private async Task<(ClusterOutcome? Failure, HttpReply Reply)> CallAsync(HttpRequestMessage message, PayloadBuffer received, int limit, ClusterSite site, ClusterDeadline deadline)
    {
        if (deadline.IsGivenUp) return (site.GivenUp(), default);
        if (deadline.IsLate) return (site.Late(deadline.Budget), default);
        try
        {
            using var response = await _invoker.SendAsync(message, deadline.Token).ConfigureAwait(false);
            var reply = HttpReply.Of(response, _time);
            var most = reply.Code == 200 ? limit : Math.Min(limit, ErrorText.MaxBytes);
            var problem = await BodyReader.ReadAsync(response.Content, received, most, deadline.Token).ConfigureAwait(false);
            return (problem is null ? null : reply.Code == 200 ? site.BadAnswer(problem) : Refusal(reply, "", site), reply);
        }
        catch (Exception error) when (TransportFailure.IsExpected(error))
        {
            return (TransportFailure.Outcome(error, deadline, site), default);
        }
    }

    private HttpRequestMessage Message(HttpMethod method, string path, ClusterDeadline deadline)
    {
        var message = new HttpRequestMessage(method, new Uri(_base, path)) { Version = System.Net.HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        // Servers of this project keep to it; others pass over a header that they do not know.
        message.Headers.Add(PropertyNames.DeadlineMs, Math.Max(1, (long)deadline.Left.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return message;
    }

    private static ClusterOutcome Refusal(HttpReply reply, ReadOnlySpan<byte> body, ClusterSite site) =>
        Refusal(reply, ErrorText.Of(body), site);

    private static ClusterOutcome Refusal(HttpReply reply, string text, ClusterSite site)
    {
        var status = HttpStatus.Meaning(reply.Code);
        return site.Refused(status == InferenceStatus.Ok ? InferenceStatus.Internal : status, $"HTTP {reply.Code}", text, reply.RetryAfter);
    }
}
