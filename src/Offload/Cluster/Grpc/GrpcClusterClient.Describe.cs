using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Grpc;

internal sealed partial class GrpcClusterClient
{
    public Task<ClusterOutcome> ServerReadyAsync(TimeSpan budget, CancellationToken cancellation) =>
        ReadyAsync(new ClusterSite(Address, null), "ServerReady", budget, cancellation);

    public Task<ClusterOutcome> ModelReadyAsync(ClusterModel model, TimeSpan budget, CancellationToken cancellation) =>
        ReadyAsync(new ClusterSite(Address, model), "ModelReady", budget, cancellation);

    public async Task<(ClusterOutcome Outcome, ServerMetadata? Metadata)> ServerMetadataAsync(TimeSpan budget, CancellationToken cancellation)
    {
        var site = new ClusterSite(Address, null);
        var (failure, message) = await AskAsync(site, "ServerMetadata", budget, cancellation).ConfigureAwait(false);
        if (failure is { } outcome) return (outcome, null);
        return MetadataCodec.ReadServerMessage(message.Span, _options.Limits, out var metadata) is { } error ? (site.BadAnswer(error.Message), null) : (ClusterOutcome.Ok, metadata);
    }

    public async Task<(ClusterOutcome Outcome, ModelMetadata? Metadata)> ModelMetadataAsync(ClusterModel model, TimeSpan budget, CancellationToken cancellation)
    {
        var site = new ClusterSite(Address, model);
        var (failure, message) = await AskAsync(site, "ModelMetadata", budget, cancellation).ConfigureAwait(false);
        if (failure is { } outcome) return (outcome, null);
        if (MetadataCodec.ReadModelMessage(message.Span, _options.Limits, out var metadata) is { } error) return (site.BadAnswer(error.Message), null);
        return metadata!.Name == model.Name ? (ClusterOutcome.Ok, metadata) : (site.BadAnswer($"it describes model '{metadata.Name}'"), null);
    }

    private async Task<ClusterOutcome> ReadyAsync(ClusterSite site, string method, TimeSpan budget, CancellationToken cancellation)
    {
        var (failure, message) = await AskAsync(site, method, budget, cancellation).ConfigureAwait(false);
        if (failure is { } outcome) return outcome;
        if (MetadataCodec.ReadReadyMessage(message.Span, _options.Limits, out var ready) is { } error) return site.BadAnswer(error.Message);
        return ready ? ClusterOutcome.Ok : site.NotReady();
    }

    private async Task<(ClusterOutcome? Failure, ReadOnlyMemory<byte> Message)> AskAsync(ClusterSite site, string method, TimeSpan budget, CancellationToken cancellation)
    {
        PayloadBuffer sent = new(), received = new();
        GrpcFrame.Open(sent);
        if (site.Model is { } model) MetadataCodec.WriteModelRequest(model.NameUtf8, model.VersionUtf8, sent);
        GrpcFrame.Close(sent);
        using var deadline = new ClusterDeadline(budget, _options.MaxBudget, _time, cancellation);
        return await CallAsync(method, sent, received, _options.Limits.MaxHeaderBytes, site, deadline).ConfigureAwait(false);
    }
}
