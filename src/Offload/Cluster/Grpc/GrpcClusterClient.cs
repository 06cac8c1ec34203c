using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Grpc;

/// <summary>
/// The Open Inference Protocol v2 over gRPC: unary calls of <c>inference.GRPCInferenceService</c> on HTTP/2. Source: KServe, Open Inference
/// Protocol (v2), GRPC API; gRPC, "gRPC over HTTP2".
/// </summary>
internal sealed partial class GrpcClusterClient : IClusterClient
{
    private const long MostMilliseconds = 99_999_999; // eight digits, by the specification of grpc-timeout
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _service;
    private readonly HttpMessageInvoker _invoker;

    /// <exception cref="ClusterException">A certificate cannot be read.</exception>
    public GrpcClusterClient(ClusterOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        Address = options.Url.AbsoluteUri.TrimEnd('/');
        _service = new Uri(options.Url, "/inference.GRPCInferenceService/");
        _invoker = ClusterTransport.Open(options);
    }

    public string Address { get; }

    public void Dispose() => _invoker.Dispose();

    // One call: the frame in the buffer is sent, the answer's one message comes back, in the other buffer, or a failure does.
    private async Task<(ClusterOutcome? Failure, ReadOnlyMemory<byte> Message)> CallAsync(string method, PayloadBuffer sent, PayloadBuffer received, int limit, ClusterSite site, ClusterDeadline deadline)
    {
        if (deadline.IsGivenUp) return (site.GivenUp(), default);
        if (deadline.IsLate) return (site.Late(deadline.Budget), default);
        try
        {
            using var message = Message(method, sent, deadline);
            using var response = await _invoker.SendAsync(message, deadline.Token).ConfigureAwait(false);
            if (GrpcReply.Refusal(response, site, _time) is { } refused) return (refused, default);
            if (await BodyReader.ReadAsync(response.Content, received, limit + GrpcFrame.PrefixBytes, deadline.Token).ConfigureAwait(false) is { } problem) return (site.BadAnswer(problem), default);
            if (GrpcReply.Failure(response.TrailingHeaders, site, _time) is { } failed) return (failed, default);
            return GrpcFrame.Read(received.WrittenMemory, out var answer) is { } error ? (site.BadAnswer(error.Message), default) : (null, answer);
        }
        catch (Exception error) when (TransportFailure.IsExpected(error))
        {
            return (TransportFailure.Outcome(error, deadline, site), default);
        }
    }

    private HttpRequestMessage Message(string method, PayloadBuffer sent, ClusterDeadline deadline)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_service, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(sent.WrittenMemory),
        };
        message.Content.Headers.ContentType = ContentType;
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        var left = Math.Clamp((long)deadline.Left.TotalMilliseconds, 1, MostMilliseconds);
        message.Headers.Add("grpc-timeout", left.ToString(CultureInfo.InvariantCulture) + "m");
        return message;
    }
}
