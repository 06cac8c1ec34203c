using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

public abstract partial class ClusterContract
{
    [Fact]
    public async Task Tls_AuthorityOfOurs_IsTrusted_AndTheServerSeesOurCertificate()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        await using var cluster = await TestCluster.StartAsync(certificates);
        Prepare(cluster);
        var options = Options(cluster) with { Ca = certificates.CaFile, Certificate = certificates.CertificateFile("client"), Key = certificates.KeyFile("client") };
        using var client = ClusterClients.Open(options, TimeProvider.System);
        Assert.Equal(ClusterOutcome.Ok, await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation));
        Assert.Equal("client", cluster.ClientName);
    }

    [Fact]
    public async Task Tls_StrangersCertificateOrOtherName_IsNotTrusted()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        using var others = new TestCertificates(TimeProvider.System);
        await using var cluster = await TestCluster.StartAsync(certificates);
        var byAddress = new UriBuilder(Options(cluster).Url) { Host = "127.0.0.2" }.Uri; // not in the certificate
        foreach (var options in new[] { Options(cluster), Options(cluster) with { Ca = others.CaFile }, Options(cluster) with { Ca = certificates.CaFile, Url = byAddress } })
        {
            using var client = ClusterClients.Open(options, TimeProvider.System);
            var outcome = await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), Exchange, Ample, Cancellation);
            Assert.Equal((InferenceStatus.Unavailable, ClusterFault.Unreachable), (outcome.Status, outcome.Fault));
        }
        Assert.Empty(cluster.Seen);
    }
}
