using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published runtime hands requests to the published server, over a real broker.</summary>
public sealed class OffloadTests : OffloadSite
{
    [Fact]
    public async Task Ask_ServerComesDiesAndComesBack_IsAnsweredByWhoCan()
    {
        var bundles = new BundleMaker(Folder);
        string echo = Entry("echo", bundles.Make("echo", TestModels.Identity(), "x86-avx2")), log = Path.Combine(Folder, "decisions.log");
        int http = MosquittoBroker.FreePort();
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, $"{Members(bundles, echo)},\"offload\":{{\"decisions\":\"{log}\"}},\"http\":{{\"port\":{http}}}");
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        var refused = await AskAsync(client, device, "only");
        Assert.Equal("UNAVAILABLE", refused.Status);
        Assert.Contains("none is known that serves it", Encoding.UTF8.GetString(refused.Payload), StringComparison.Ordinal);
        await using (StartServer("gpu-1", Members(bundles, echo)))
        {
            await UntilAsync(client, device, "only", IsOffloaded);
            Assert.Contains("edge_runtime_offload_servers{state=\"asked\"} 1\n", await MetricsAsync(http), StringComparison.Ordinal);
        }
        await UntilAsync(client, device, "only", answer => answer.Status == "UNAVAILABLE"); // it was killed
        var local = await AskAsync(client, device, "auto");
        Assert.Equal(("OK", "local"), (local.Status, local.Route));
        var second = StartServer("gpu-1", Members(bundles, echo));
        await UntilAsync(client, device, "only", IsOffloaded);
        Assert.Equal(0, await second.StopAsync(Patience));
        await UntilAsync(client, device, "only", answer => answer.Status == "UNAVAILABLE");
        Assert.Equal(0, await device.StopAsync());
        var explained = await ProcessRun.RunAsync(RepositoryPaths.Program("edge-runtime"), "explain", log);
        Assert.Equal(0, explained.ExitCode);
        Assert.Contains("to server 'gpu-1' without a fallback", explained.Output, StringComparison.Ordinal);
        Assert.Matches(@"(\d+) decisions, \1 of them the same again", explained.Output);
    }
}
