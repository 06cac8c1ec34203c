using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published runtime through what happens to a device: stop, kill, a broker that goes away, a bad bundle.</summary>
public sealed class LifeCycleTests : BrokerSite
{
    [Fact]
    public async Task Terminate_UnderLoad_EveryAcceptedRequestIsAnsweredAndTheExitCodeIsZero()
    {
        await using var device = await StartAsync("slow", TestModels.Slow(size: 128, steps: 100));
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "loader");
        var matrix = string.Join(',', Enumerable.Repeat("0.5", 128 * 128));
        var payload = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[128,128],"datatype":"FP32","data":[{{matrix}}]}]}""");
        Assert.Equal("OK", (await client.AskAsync(device.Name, "slow", payload, "application/json")).Status);
        var asked = Enumerable.Range(0, 20).Select(_ => client.AskAsync(device.Name, "slow", payload, "application/json")).ToList();
        await asked[0];
        Assert.Equal(0, await device.StopAsync());
        var answers = await Task.WhenAll(asked);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (string[])["OK", "UNAVAILABLE"]));
        await device.WaitForStateAsync("offline");
    }

    [Fact]
    public async Task Kill_TheWillSaysOffline_AndTheNextStartServesWhatWasActive()
    {
        await using var device = await StartAsync("echo", TestModels.Identity());
        await device.KillAsync();
        var state = await device.WaitForStateAsync("offline");
        Assert.Equal("the connection was lost", state.GetProperty("reason").GetString());
        await device.RestartAsync();
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        Assert.Equal("OK", (await client.AskAsync(device.Name, "echo", Request, "application/json")).Status);
    }

    [Fact]
    public async Task BrokerKilledAndRestarted_TheDeviceComesBackByItself()
    {
        await using var device = await StartAsync("echo", TestModels.Identity());
        await Broker.KillAsync();
        await Broker.RestartAsync();
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        Assert.Equal("OK", (await client.AskUntilAnsweredAsync(device.Name, "echo", Request, "application/json")).Status);
    }

    [Fact]
    public async Task Start_BundleTampered_TheDeviceIsDegradedAndSaysWhy()
    {
        var bundles = new BundleMaker(Folder);
        var path = bundles.Make("echo", TestModels.Identity(), "x86-avx2");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, Entry("echo", path)));
        Assert.Equal("degraded", device.FirstState.GetProperty("state").GetString());
        Assert.Contains("model 'echo'", device.FirstState.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private async Task<DeviceProcess> StartAsync(string name, byte[] model)
    {
        var bundles = new BundleMaker(Folder);
        return await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, Entry(name, bundles.Make(name, model, "x86-avx2"))));
    }
}
