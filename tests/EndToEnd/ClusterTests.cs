using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>
/// The published server in front of a cluster, over a real broker: a published runtime's HTTP endpoint is the cluster. Devices and their clients see one more
/// server.
/// </summary>
public sealed class ClusterTests : OffloadSite
{
    [Fact]
    public async Task Ask_ClusterComesDiesAndComesBack_IsAnsweredByItOrByTheDevice()
    {
        var bundles = new BundleMaker(Folder);
        string members = Members(bundles, Entry("echo", bundles.Make("echo", TestModels.Identity(), "x86-avx2")));
        int port = MosquittoBroker.FreePort(), metrics = MosquittoBroker.FreePort();
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, $"{members},\"offload\":{{}}");
        await using var server = StartServer("pool-1",
            $$"""  "models":[{"name":"echo"}],"http":{"port":{{metrics}}},"executor":{"kind":"cluster","url":"http://127.0.0.1:{{port}}"} """);
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        await using (StartCluster(port, members))
        {
            await UntilAsync(client, device, "only", IsOffloaded);
            Assert.Contains("edge_runtime_cluster_up 1\n", await MetricsAsync(metrics), StringComparison.Ordinal);
        }
        await UntilAsync(client, device, "auto", answer => (answer.Status, answer.Route) == ("OK", "local")); // it was killed
        await UntilAsync(client, device, "only", answer => answer.Status == "UNAVAILABLE");
        await using (StartCluster(port, members)) await UntilAsync(client, device, "only", IsOffloaded);
        Assert.Equal(0, await server.StopAsync(Patience));
    }

    private RunningProcess StartCluster(int port, string members) =>
        Start("edge-runtime", "cluster", $$"""{"fleet":"{{DeviceProcess.Fleet}}","device":"cluster","root":"cluster-root","http":{"port":{{port}}},{{members}}}""");
}
