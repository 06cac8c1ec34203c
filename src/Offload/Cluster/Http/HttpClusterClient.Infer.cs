using System.Globalization;
using System.Net.Http.Headers;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Http;

internal sealed partial class HttpClusterClient
{
    private static readonly MediaTypeHeaderValue Json = new("application/json"), Binary = new("application/octet-stream");

    public async Task<ClusterOutcome> InferAsync(ClusterModel model, InferenceRequest request, ClusterExchange exchange, TimeSpan budget, CancellationToken cancellation)
    {
        exchange.Start();
        var site = new ClusterSite(Address, model);
        if (request.IsImage) return site.Unsendable("it is an encoded image, a cluster takes tensors");
        using var deadline = new ClusterDeadline(budget, _options.MaxBudget, _time, cancellation);
        var sections = _sections.Takes ?? await LearnSectionsAsync(deadline).ConfigureAwait(false);
        if (Write(request, exchange.Sent, sections, out var headerLength) is { } unsendable) return site.Unsendable(unsendable.Message);

        using var message = Message(HttpMethod.Post, model.Path + "/infer", deadline);
        message.Content = new ReadOnlyMemoryContent(exchange.Sent.WrittenMemory);
        message.Content.Headers.ContentType = headerLength is null ? Json : Binary;
        if (headerLength is { } length) message.Content.Headers.Add(HttpReply.HeaderLengthName, length.ToString(CultureInfo.InvariantCulture));
        var (failure, reply) = await CallAsync(message, exchange.Received, _options.Limits.MaxPayloadBytes, site, deadline).ConfigureAwait(false);
        if (failure is null) return Answer(model, request, exchange, reply, site);
        exchange.Abandon();
        return failure.Value;
    }

    private ProtocolError? Write(InferenceRequest request, PayloadBuffer to, bool sections, out int? headerLength)
    {
        headerLength = null;
        if (!sections)
        {
            var error = JsonCodec.Forward(request, to);
            if (error is null || !_sections.MayTry) return error;
        }
        headerLength = BinaryCodec.Forward(request, to);
        return null;
    }

    private ClusterOutcome Answer(ClusterModel model, InferenceRequest request, ClusterExchange exchange, HttpReply reply, ClusterSite site)
    {
        if (reply.Code != 200) return Refusal(reply, exchange.Received.WrittenSpan, site);
        if (Read(exchange, reply) is { } problem) return site.BadAnswer(problem);
        return ClusterAnswer.Complaint(model, request, exchange.Response) is { } complaint ? site.BadAnswer(complaint) : ClusterOutcome.Ok;
    }

    private string? Read(ClusterExchange exchange, HttpReply reply)
    {
        var body = exchange.Received.WrittenMemory;
        ProtocolError? error;
        if (reply.HeaderLength is null) error = JsonCodec.Read(body, exchange.Response, _options.Limits);
        else if (reply.TryHeaderLength(out var length)) error = BinaryCodec.Read(body, length, exchange.Response, _options.Limits);
        else return $"its header {HttpReply.HeaderLengthName} is no length";
        return error?.Message ?? (exchange.Response.IsError ? "it is an error under HTTP 200" : null);
    }

    // A server that does not tell is taken for one without: every server reads JSON.
    private async Task<bool> LearnSectionsAsync(ClusterDeadline deadline)
    {
        var (outcome, metadata) = await MetadataAsync<ServerMetadata>(new ClusterSite(Address, null), "v2", deadline, MetadataCodec.ReadServer).ConfigureAwait(false);
        if (outcome.IsOk) _sections.Learn(metadata!);
        return _sections.Takes ?? false;
    }
}
