using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

public abstract partial class ClusterContract
{
    [Fact]
    public async Task ServerReady_ServerThatServes_IsOk_AndOneThatDoesNotIsUnavailable()
    {
        Assert.Equal(ClusterOutcome.Ok, await Client.ServerReadyAsync(Ample, Cancellation));
        Cluster.Ready = false;
        var outcome = await Client.ServerReadyAsync(Ample, Cancellation);
        Assert.Equal((InferenceStatus.Unavailable, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.Equal($"server '{Client.Address}' is not ready", outcome.Message);
    }

    [Theory]
    [InlineData("echo", "", InferenceStatus.Ok)]
    [InlineData("echo", "3", InferenceStatus.Ok)]
    [InlineData("cold", "", InferenceStatus.Unavailable)]
    [InlineData("echo", "2", InferenceStatus.NotFound)]
    [InlineData("other", "", InferenceStatus.NotFound)]
    [InlineData("a/../b ?", "", InferenceStatus.NotFound)]
    public async Task ModelReady_Model_IsAsItsServerSays(string model, string version, InferenceStatus expected)
    {
        var outcome = await Client.ModelReadyAsync(new ClusterModel(model, version), Ample, Cancellation);
        Assert.Equal(expected, outcome.Status);
        if (expected != InferenceStatus.Ok) Assert.StartsWith($"{new ClusterModel(model, version)} of server '{Client.Address}' ", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerMetadata_IsRead()
    {
        var (outcome, metadata) = await Client.ServerMetadataAsync(Ample, Cancellation);
        Assert.Equal((ClusterOutcome.Ok, TestCluster.Name, TestCluster.Version), (outcome, metadata!.Name, metadata.Version));
        if (Cluster.HasSections) Assert.Contains(ServerMetadata.BinaryTensorData, metadata.Extensions);
    }

    [Fact]
    public async Task ModelMetadata_IsRead_ShapesThatVaryIncluded()
    {
        var metadata = await MetadataAsync(ServedModels.Echo);
        Assert.Equal(("echo", "test_platform"), (metadata.Name, metadata.Platform));
        Assert.Equal(["1", "3"], metadata.Versions);
        Assert.Equal(("x", TensorDataType.Float32), (metadata.Inputs.Single().Name, metadata.Inputs.Single().DataType));
        Assert.Equal([-1, 4], metadata.Outputs.Single().Shape);
        Assert.Equal(["sum", "difference"], (await MetadataAsync(ServedModels.Pair)).Outputs.Select(output => output.Name));
    }

    [Fact]
    public async Task ModelMetadata_UnknownModel_IsNotFoundInItsServersWords()
    {
        var (outcome, metadata) = await Client.ModelMetadataAsync(new ClusterModel("other"), Ample, Cancellation);
        Assert.Null(metadata);
        Assert.Equal((InferenceStatus.NotFound, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.Contains("no model 'other'", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_NoTimeLeftOrGivenUp_IsToldAtOnce()
    {
        Assert.Equal(InferenceStatus.DeadlineExceeded, (await Client.ServerReadyAsync(TimeSpan.Zero, Cancellation)).Status);
        Assert.Equal(InferenceStatus.DeadlineExceeded, (await Client.ModelMetadataAsync(new ClusterModel("echo"), TimeSpan.FromSeconds(-1), Cancellation)).Outcome.Status);
        Assert.Equal(InferenceStatus.Cancelled, (await Client.ServerMetadataAsync(Ample, new CancellationToken(canceled: true))).Outcome.Status);
    }
}
