using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Http;

internal sealed partial class HttpClusterClient
{
    private delegate ProtocolError? MetadataReader<T>(ReadOnlySpan<byte> body, ProtocolLimits limits, out T? metadata);

    public Task<ClusterOutcome> ServerReadyAsync(TimeSpan budget, CancellationToken cancellation) =>
        ReadyAsync(new ClusterSite(Address, null), "v2/health/ready", budget, cancellation);

    public Task<ClusterOutcome> ModelReadyAsync(ClusterModel model, TimeSpan budget, CancellationToken cancellation) =>
        ReadyAsync(new ClusterSite(Address, model), model.Path + "/ready", budget, cancellation);

    public async Task<(ClusterOutcome Outcome, ServerMetadata? Metadata)> ServerMetadataAsync(TimeSpan budget, CancellationToken cancellation)
    {
        using var deadline = new ClusterDeadline(budget, _options.MaxBudget, _time, cancellation);
        return await MetadataAsync<ServerMetadata>(new ClusterSite(Address, null), "v2", deadline, MetadataCodec.ReadServer).ConfigureAwait(false);
    }

    public async Task<(ClusterOutcome Outcome, ModelMetadata? Metadata)> ModelMetadataAsync(ClusterModel model, TimeSpan budget, CancellationToken cancellation)
    {
        using var deadline = new ClusterDeadline(budget, _options.MaxBudget, _time, cancellation);
        var site = new ClusterSite(Address, model);
        var (outcome, metadata) = await MetadataAsync<ModelMetadata>(site, model.Path, deadline, MetadataCodec.ReadModel).ConfigureAwait(false);
        if (metadata is null || metadata.Name == model.Name) return (outcome, metadata);
        return (site.BadAnswer($"it describes model '{metadata.Name}'"), null);
    }

    // The specification has readiness in the status code alone. Some say it in the body instead, and Triton says 400 for what is not ready.
    private async Task<ClusterOutcome> ReadyAsync(ClusterSite site, string path, TimeSpan budget, CancellationToken cancellation)
    {
        var body = new PayloadBuffer();
        using var deadline = new ClusterDeadline(budget, _options.MaxBudget, _time, cancellation);
        using var message = Message(HttpMethod.Get, path, deadline);
        var (failure, reply) = await CallAsync(message, body, ErrorText.MaxBytes, site, deadline).ConfigureAwait(false);
        if (failure is { } outcome) return outcome;
        if (reply.Code is 400 or 503) return site.NotReady() with { RetryAfter = reply.RetryAfter };
        if (reply.Code != 200) return Refusal(reply, body.WrittenSpan, site);
        if (MetadataCodec.ReadReady(body.WrittenSpan, _options.Limits, out var ready) is { } error) return site.BadAnswer(error.Message);
        return ready ? ClusterOutcome.Ok : site.NotReady();
    }

    private async Task<(ClusterOutcome Outcome, T? Metadata)> MetadataAsync<T>(ClusterSite site, string path, ClusterDeadline deadline, MetadataReader<T> read) where T : class
    {
        var body = new PayloadBuffer();
        using var message = Message(HttpMethod.Get, path, deadline);
        var (failure, reply) = await CallAsync(message, body, _options.Limits.MaxHeaderBytes, site, deadline).ConfigureAwait(false);
        if (failure is { } outcome) return (outcome, null);
        if (reply.Code != 200) return (Refusal(reply, body.WrittenSpan, site), null);
        return read(body.WrittenSpan, _options.Limits, out var metadata) is { } error ? (site.BadAnswer(error.Message), null) : (ClusterOutcome.Ok, metadata);
    }
}
