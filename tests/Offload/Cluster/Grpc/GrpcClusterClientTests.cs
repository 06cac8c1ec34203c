using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster.Grpc;

/// <summary>Over gRPC; the other end writes and reads by Google's implementation.</summary>
public class GrpcClusterClientTests : ClusterContract
{
    private protected override ClusterOptions Options(TestCluster cluster) => new() { Url = cluster.Grpc, Protocol = ClusterProtocol.Grpc, Connections = 4 };

    private protected override Trouble[] BadMessages =>
    [
        Trouble.Malformed, Trouble.TrailingBytes, Trouble.HugeBody, Trouble.EndlessBody, Trouble.EmptyBody, Trouble.Compressed, Trouble.NoStatus, Trouble.StatusNoNumber,
        Trouble.StatusAndNoMessage, Trouble.TwoMessages, Trouble.NotGrpc, .. Cluster.TypedContents ? Array.Empty<Trouble>() : [Trouble.WrongLength],
    ];

    [Fact]
    public async Task Infer_ServerThatAsksForCalm_IsResourceExhausted()
    {
        Cluster.Trouble = Trouble.CalmDown;
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((InferenceStatus.ResourceExhausted, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        await AssertServesAsync();
    }

    [Theory]
    [InlineData(1, InferenceStatus.Cancelled)]
    [InlineData(2, InferenceStatus.Internal)]
    [InlineData(3, InferenceStatus.InvalidArgument)]
    [InlineData(4, InferenceStatus.DeadlineExceeded)]
    [InlineData(5, InferenceStatus.NotFound)]
    [InlineData(7, InferenceStatus.Internal)]
    [InlineData(8, InferenceStatus.ResourceExhausted)]
    [InlineData(9, InferenceStatus.Unavailable)]
    [InlineData(11, InferenceStatus.InvalidArgument)]
    [InlineData(12, InferenceStatus.Internal)]
    [InlineData(13, InferenceStatus.Internal)]
    [InlineData(14, InferenceStatus.Unavailable)]
    [InlineData(16, InferenceStatus.Internal)]
    [InlineData(99, InferenceStatus.Internal)]
    public async Task Infer_Status_HasItsMeaning(int code, InferenceStatus status)
    {
        Cluster.Handler = context =>
        {
            GrpcSide.Refuse(context, code, "wohl bekomm's: 100% ✓");
            return Task.CompletedTask;
        };
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((status, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.EndsWith("wohl bekomm's: 100% ✓", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_ServerWithoutHttp2_EndsInAnOutcome()
    {
        using var client = ClusterClients.Open(Options(Cluster) with { Url = Cluster.Http }, TimeProvider.System);
        var outcome = await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation);
        Assert.Contains(outcome.Fault, new[] { ClusterFault.Unreachable, ClusterFault.BadAnswer });
    }
}

/// <summary>Over gRPC with a server that answers in typed contents.</summary>
public sealed class TypedGrpcClusterClientTests : GrpcClusterClientTests
{
    private protected override void Prepare(TestCluster cluster) => cluster.TypedContents = true;
}
