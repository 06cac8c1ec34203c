using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published runtime hands requests to the published server, over a real broker.</summary>
public sealed class OffloadTests : BrokerSite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Try = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Ask_ServerComesDiesAndComesBack_IsAnsweredByWhoCan()
    {
        var bundles = new BundleMaker(Folder);
        string echo = Entry("echo", bundles.Make("echo", TestModels.Identity(), "x86-avx2")), log = Path.Combine(Folder, "decisions.log");
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, $"{Members(bundles, echo)},\"offload\":{{\"decisions\":\"{log}\"}}");
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        var refused = await AskAsync(client, device, "only");
        Assert.Equal("UNAVAILABLE", refused.Status);
        Assert.Contains("none is known that serves it", Encoding.UTF8.GetString(refused.Payload), StringComparison.Ordinal);
        await using (StartServer(Members(bundles, echo))) await AnsweredByServerAsync(client, device);
        await UntilAsync(client, device, answer => answer.Status == "UNAVAILABLE"); // it was killed
        Assert.Equal(("OK", "local"), Told(await AskAsync(client, device, "auto")));
        var second = StartServer(Members(bundles, echo));
        await AnsweredByServerAsync(client, device);
        Assert.Equal(0, await second.StopAsync(Patience));
        await UntilAsync(client, device, answer => answer.Status == "UNAVAILABLE");
        Assert.Equal(0, await device.StopAsync());
        var explained = await ProcessRun.RunAsync(RepositoryPaths.Program("edge-runtime"), "explain", log);
        Assert.Equal(0, explained.ExitCode);
        Assert.Contains("to server 'gpu-1' without a fallback", explained.Output, StringComparison.Ordinal);
        Assert.Matches(@"(\d+) decisions, \1 of them the same again", explained.Output);
    }

    private static Task<AskingClient.Answer> AskAsync(AskingClient client, DeviceProcess device, string offload) =>
        client.AskAsync(device.Name, "echo", Request, "application/json", Try, offload: offload);

    private static (string Status, string Route) Told(AskingClient.Answer answer) => (answer.Status, answer.Route);

    private static Task AnsweredByServerAsync(AskingClient client, DeviceProcess device) => UntilAsync(client, device, answer => Told(answer) == ("OK", "offload"));

    private static async Task UntilAsync(AskingClient client, DeviceProcess device, Func<AskingClient.Answer, bool> isIt)
    {
        using var late = new CancellationTokenSource(Patience);
        for (var answer = await AskAsync(client, device, "only"); !isIt(answer); answer = await AskAsync(client, device, "only"))
        {
            if (late.IsCancellationRequested) Assert.Fail($"{answer.Status}: {Encoding.UTF8.GetString(answer.Payload)}\n{device.Log}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private RunningProcess StartServer(string members)
    {
        var path = Path.Combine(Folder, "gpu-1.json");
        File.WriteAllText(path, $$"""{"fleet":"{{DeviceProcess.Fleet}}","server":"gpu-1","root":"gpu-1-root","broker":{"host":"127.0.0.1","port":{{Broker.Port}}},{{members}}}""");
        return RunningProcess.Start(RepositoryPaths.Program("edge-offload"), ["run", "--config", path]);
    }
}
