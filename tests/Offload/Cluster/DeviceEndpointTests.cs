using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using EdgeRuntime.Serving.Tests.Http;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

/// <summary>The client against the device's own endpoint: two implementations of this repository that must agree on the protocol.</summary>
public sealed class DeviceEndpointTests : IAsyncLifetime
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);
    private static readonly ClusterModel Model = new("m");

    private readonly ClusterExchange _exchange = new();
    private HttpTestServer _device = null!;
    private IClusterClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _device = await HttpTestServer.StartAsync(allReady: false);
        _client = ClusterClients.Open(new ClusterOptions { Url = _device.Client.BaseAddress! }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _device.DisposeAsync();
    }

    [Fact]
    public async Task Describe_DeviceWithAModelInServiceAndOneThatIsNot_IsUnderstood()
    {
        Assert.Equal(InferenceStatus.Unavailable, (await _client.ServerReadyAsync(Ample, Cancellation)).Status);
        Assert.Equal(ClusterOutcome.Ok, await _client.ModelReadyAsync(Model, Ample, Cancellation));
        Assert.Equal(InferenceStatus.Unavailable, (await _client.ModelReadyAsync(new ClusterModel("cold"), Ample, Cancellation)).Status);
        Assert.Equal(InferenceStatus.NotFound, (await _client.ModelReadyAsync(new ClusterModel("other"), Ample, Cancellation)).Status);
        var (server, told) = await _client.ServerMetadataAsync(Ample, Cancellation);
        Assert.Equal((ClusterOutcome.Ok, "edge-runtime"), (server, told!.Name));
        Assert.Contains(ServerMetadata.BinaryTensorData, told.Extensions);
        var (outcome, metadata) = await _client.ModelMetadataAsync(Model, Ample, Cancellation);
        Assert.Equal((ClusterOutcome.Ok, "m"), (outcome, metadata!.Name));
        Assert.Equal(["1.0.0"], metadata.Versions);
        Assert.Equal([-1, -1], metadata.Inputs.Single().Shape);
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("Binary")]
    [InlineData("Json")]
    public async Task Infer_TensorsInEachForm_AreAnswered(string encoding)
    {
        using var client = ClusterClients.Open(new ClusterOptions { Url = _device.Client.BaseAddress!, Encoding = Enum.Parse<ClusterEncoding>(encoding) }, TimeProvider.System);
        var (_, metadata) = await client.ModelMetadataAsync(Model, Ample, Cancellation);
        var request = Requests.Echo("7");
        request.Outputs.Add("y"u8);
        var outcome = await client.InferAsync(new ClusterModel("m", "1.0.0", metadata), request, _exchange, Ample, Cancellation);
        Assert.Equal(ClusterOutcome.Ok, outcome);
        Assert.Equal(("m", "7"), (Encoding.UTF8.GetString(_exchange.Response.ModelName), Encoding.UTF8.GetString(_exchange.Response.Id)));
        Assert.Equal(Requests.Numbers, Requests.Floats(_exchange.Response.Outputs[0].Data));
        Assert.Equal(encoding != "Json", _exchange.Response.Outputs[0].IsBinary);
    }

    [Fact]
    public async Task Infer_RequestsThatTheDeviceRefuses_AreToldInItsWords()
    {
        await AssertAsync("other", "", Requests.Echo(), InferenceStatus.NotFound, "no model 'other' on device 'dev-1'");
        await AssertAsync("m", "2.0.0", Requests.Echo(), InferenceStatus.NotFound, "has no version '2.0.0'");
        await AssertAsync("cold", "", Requests.Echo(), InferenceStatus.Unavailable, "it is being loaded");
        await AssertAsync("m", "", Requests.Pair([1], [2]), InferenceStatus.InvalidArgument, "model 'm'");
        await AssertAsync("m", "", Requests.Any(TensorDataType.Int32, [1, 1], new byte[4]), InferenceStatus.InvalidArgument, "'x'");
    }

    [Fact]
    public async Task Infer_DeviceThatHasStopped_IsUnavailable()
    {
        _device.CloseGate();
        var outcome = await _client.InferAsync(Model, Requests.Echo(), _exchange, Ample, Cancellation);
        Assert.Equal(InferenceStatus.Unavailable, outcome.Status);
    }

    private async Task AssertAsync(string model, string version, InferenceRequest request, InferenceStatus status, string text)
    {
        var outcome = await _client.InferAsync(new ClusterModel(model, version), request, _exchange, Ample, Cancellation);
        Assert.Equal((status, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.Contains(text, outcome.Message, StringComparison.Ordinal);
    }
}
