using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster.Http;

/// <summary>Over HTTP with a server that knows no binary sections and says so, and that answers readiness with documents.</summary>
public sealed class JsonClusterClientTests : ClusterContract
{
    private protected override bool InJson => true;

    private protected override ClusterOptions Options(TestCluster cluster) => new() { Url = cluster.Http, Encoding = ClusterEncoding.Json };

    private protected override void Prepare(TestCluster cluster) => (cluster.HasSections, cluster.ReadyByDocument) = (false, true);

    private protected override Trouble[] BadMessages =>
        [Trouble.Malformed, Trouble.WrongLength, Trouble.TrailingBytes, Trouble.HugeBody, Trouble.EndlessBody, Trouble.EmptyBody, Trouble.NoTensors, Trouble.HeaderBeyondBody, Trouble.ErrorUnder200];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Auto_ServersMetadata_DecidesOnSections(bool has, bool sections)
    {
        Cluster.HasSections = has;
        using var client = ClusterClients.Open(new ClusterOptions { Url = Cluster.Http }, TimeProvider.System);
        for (var i = 0; i < 2; i++) Assert.Equal(ClusterOutcome.Ok, await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation));
        Assert.All(Cluster.Seen, request => Assert.Equal(sections, request.Sections));
    }

    [Fact]
    public async Task Auto_WhatJsonCannotCarry_IsTriedInSections()
    {
        using var client = ClusterClients.Open(new ClusterOptions { Url = Cluster.Http }, TimeProvider.System);
        var outcome = await client.InferAsync(new ClusterModel(ServedModels.Any), Requests.Any(TensorDataType.BFloat16, [3], Requests.Sample("BF16")), Exchange, Ample, Cancellation);
        Assert.Equal((InferenceStatus.InvalidArgument, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.Contains("binary data is not known here", outcome.Message, StringComparison.Ordinal);
    }
}
