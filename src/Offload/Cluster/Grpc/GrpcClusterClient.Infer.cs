using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Grpc;

internal sealed partial class GrpcClusterClient
{
    public async Task<ClusterOutcome> InferAsync(ClusterModel model, InferenceRequest request, ClusterExchange exchange, TimeSpan budget, CancellationToken cancellation)
    {
        exchange.Start();
        var site = new ClusterSite(Address, model);
        if (request.IsImage) return site.Unsendable("it is an encoded image, a cluster takes tensors");
        using var deadline = new ClusterDeadline(budget, _options.MaxBudget, _time, cancellation);
        GrpcFrame.Open(exchange.Sent);
        GrpcCodec.Forward(request, model.NameUtf8, model.VersionUtf8, exchange.Sent);
        GrpcFrame.Close(exchange.Sent);
        var (failure, message) = await CallAsync("ModelInfer", exchange.Sent, exchange.Received, _options.Limits.MaxPayloadBytes, site, deadline).ConfigureAwait(false);
        if (failure is { } outcome)
        {
            exchange.Abandon();
            return outcome;
        }
        if (GrpcCodec.Read(message, exchange.Response, _options.Limits) is { } error) return site.BadAnswer(error.Message);
        return ClusterAnswer.Complaint(model, request, exchange.Response) is { } complaint ? site.BadAnswer(complaint) : ClusterOutcome.Ok;
    }
}
