using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

/// <summary>
/// What every client of a cluster does, whatever it speaks: requests and errors of the published specification, and a server that keeps to
/// none of it.
/// </summary>
public abstract partial class ClusterContract : IAsyncLifetime
{
    private protected static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);

    private protected TestCluster Cluster { get; private set; } = null!;
    private protected IClusterClient Client { get; private set; } = null!;
    private protected ClusterExchange Exchange { get; } = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Whether tensors go and come as JSON.</summary>
    private protected virtual bool InJson => false;

    private protected abstract ClusterOptions Options(TestCluster cluster);

    private protected virtual void Prepare(TestCluster cluster)
    {
    }

    public async ValueTask InitializeAsync()
    {
        Cluster = await TestCluster.StartAsync();
        Prepare(Cluster);
        Client = ClusterClients.Open(Options(Cluster), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<ClusterOutcome> InferAsync(string model, InferenceRequest request, string version = "", ModelMetadata? metadata = null, TimeSpan? budget = null) =>
        Client.InferAsync(new ClusterModel(model, version, metadata), request, Exchange, budget ?? Ample, Cancellation);

    private protected async Task<InferenceResponse> AnswerAsync(string model, InferenceRequest request, string version = "")
    {
        Assert.Equal(ClusterOutcome.Ok, await InferAsync(model, request, version));
        return Exchange.Response;
    }

    private protected async Task<ModelMetadata> MetadataAsync(string model)
    {
        var (outcome, metadata) = await Client.ModelMetadataAsync(new ClusterModel(model), Ample, Cancellation);
        Assert.Equal(ClusterOutcome.Ok, outcome);
        return metadata!;
    }

    // After whatever went wrong the same client and the same buffers serve.
    private protected async Task AssertServesAsync()
    {
        Cluster.Trouble = Trouble.None;
        var response = await AnswerAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal(Requests.Numbers, Requests.Floats(response.Outputs[0].Data));
    }
}
