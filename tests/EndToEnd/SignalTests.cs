using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published runtime under the signals of an operator and of the system, over a real broker.</summary>
public sealed class SignalTests : BrokerSite
{
    private const int AfterTheSwap = 50, Side = 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HangUp_NewBundleAndNewModelUnderLoad_BothAreServedAndNoRequestFails()
    {
        var bundles = new BundleMaker(Folder);
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, Echo(bundles, "1")));
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "loader");
        Assert.Equal("1", await VersionAsync(client, device, "echo"));
        await device.ConfigureAsync(Members(bundles, Echo(bundles, "2"), Entry("second", bundles.Make("second", TestModels.Identity(), "x86-avx2"))));
        device.HangUp();
        var versions = new List<string>();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (int left = AfterTheSwap; left > 0; left -= versions[^1] == "2" ? 1 : 0)
        {
            late.Token.ThrowIfCancellationRequested();
            versions.AddRange(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => VersionAsync(client, device, "echo"))));
        }
        Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        while ((await client.AskAsync(device.Name, "second", Request, "application/json")).Status != "OK") await Task.Delay(20, late.Token);
        Assert.Equal(0, await device.StopAsync());
    }

    [Fact]
    public async Task HangUp_ConfigurationIsBroken_TheDeviceServesOnAndSaysSoUntilItIsMended()
    {
        var bundles = new BundleMaker(Folder);
        string members = Members(bundles, Echo(bundles, "1"));
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, members);
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        await device.ConfigureAsync("""  "models": 7 """);
        device.HangUp();
        await device.WaitForReasonAsync("the configuration was not taken over");
        Assert.Equal("1", await VersionAsync(client, device, "echo"));
        await device.ConfigureAsync(members);
        device.HangUp();
        await device.WaitForReasonAsync("the configuration was not taken over", isTold: false);
        Assert.Equal("1", await VersionAsync(client, device, "echo"));
    }

    [Fact]
    public async Task Terminate_MoreWaitsThanTheDrainAllows_EndsInTimeAnswersAllAndSaysOffline()
    {
        const int drainMs = 400;
        var bundles = new BundleMaker(Folder);
        var bundle = bundles.Make("slow", TestModels.Slow(size: 128, steps: 1000), "x86-avx2");
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, Entry("slow", bundle)) + $$""" ,"limits":{"drainMs":{{drainMs}}} """);
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "loader");
        var matrix = string.Join(',', Enumerable.Repeat("0.5", 128 * 128));
        var payload = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[128,128],"datatype":"FP32","data":[{{matrix}}]}]}""");
        Assert.Equal("OK", (await client.AskAsync(device.Name, "slow", payload, "application/json")).Status);
        var asked = Enumerable.Range(0, 30).Select(_ => client.AskAsync(device.Name, "slow", payload, "application/json")).ToList();
        await asked[0];
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await device.StopAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromMilliseconds(drainMs) + TimeSpan.FromSeconds(8), $"it took {watch.Elapsed}"); // 2 s each for changes, abandoned runs, HTTP and the broker
        var answers = await Task.WhenAll(asked);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (string[])["OK", "UNAVAILABLE"]));
        Assert.Contains(answers, answer => answer.Status == "UNAVAILABLE");
        Assert.Equal("shut down", (await device.WaitForStateAsync("offline")).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("installing", 0)]
    [InlineData("installing", 15)]
    [InlineData("installing", 60)]
    [InlineData("installing", 200)]
    [InlineData("self-test passed", 0)]
    [InlineData("in service", 0)]
    public async Task Kill_DuringInstallOrLoad_TheNextStartServesAndTheStoreIsWhole(string when, int longerMs)
    {
        var bundles = new BundleMaker(Folder);
        var bundle = bundles.Make("large", TestModels.Mlp(Side, 4 * Side, Side), "x86-avx2");
        await using var device = await DeviceProcess.CreateAsync(Folder, Broker.Port, Members(bundles, Entry("large", bundle)));
        await device.StartUntilAsync(when, TimeSpan.FromMilliseconds(longerMs));
        await device.KillAsync();
        if (when != "installing") await device.WaitForStateAsync("offline"); // the will; else what it had said before may pass for the next start's
        await device.RestartAsync();
        Assert.Equal("online", device.FirstState.GetProperty("state").GetString());
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        var payload = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[1,{{Side}}],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("0.5", Side))}}]}]}""");
        Assert.Equal("OK", (await client.AskAsync(device.Name, "large", payload, "application/json")).Status);
        Assert.Equal(0, await device.StopAsync());
        var store = new BundleStore(Path.Combine(Folder, $"{device.Name}-root"));
        store.Active("large", TrustPolicy.Load([bundles.TrustedKey]))!.VerifyEntries(Cancel);
        Assert.Equal([store.Models["large"].Active.ToString()], Directory.GetDirectories(Path.Combine(store.Root, "bundles", "large")).Select(Path.GetFileName));
        Assert.False(Directory.Exists(Path.Combine(store.Root, "bundles", ".staging")));
    }

    [Fact]
    public async Task HangUp_TwoVersionsOneOfThemRebuilt_TheOtherServesThroughout()
    {
        var bundles = new BundleMaker(Folder);
        string Pinned(string version, long sequence, bool isDefault) =>
            Entry("net", bundles.Make("net", TestModels.Mlp(2, 8, 2, (ulong)sequence), "x86-avx2", (_, manifest) => manifest with { Version = version, Sequence = sequence }), $$"""
                ,"version":"{{version}}","default":{{(isDefault ? "true" : "false")}}
                """);
        string other = Pinned("2", 2, isDefault: true);
        await using var device = await DeviceProcess.StartAsync(Folder, Broker.Port, Members(bundles, Pinned("1", 1, isDefault: false), other));
        await using var client = await AskingClient.ConnectAsync(Broker.Port, "asker");
        string before = await OutputsAsync(client, device, "1"), steady = await OutputsAsync(client, device, null);
        Assert.NotEqual(before, steady);
        await device.ConfigureAsync(Members(bundles, Pinned("1", 3, isDefault: false), other));
        device.HangUp();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await OutputsAsync(client, device, "1") == before)
        {
            late.Token.ThrowIfCancellationRequested();
            Assert.Equal(steady, await OutputsAsync(client, device, null));
        }
        Assert.Equal(steady, await OutputsAsync(client, device, "2"));
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(Folder, $"{device.Name}-root", "bundles", "net")).Length); // with what version 1 would fall back to
    }

    private static string Echo(BundleMaker bundles, string version) =>
        Entry("echo", bundles.Make("echo", TestModels.Identity(), "x86-avx2", (_, manifest) => manifest with { Version = version, Sequence = version[0] }));

    private static async Task<string> VersionAsync(AskingClient client, DeviceProcess device, string model)
    {
        using var answer = await AskAsync(client, device, model, null);
        return answer.RootElement.GetProperty("model_version").GetString()!;
    }

    private static async Task<string> OutputsAsync(AskingClient client, DeviceProcess device, string? version)
    {
        using var answer = await AskAsync(client, device, "net", version);
        return answer.RootElement.GetProperty("outputs").GetRawText();
    }

    private static async Task<JsonDocument> AskAsync(AskingClient client, DeviceProcess device, string model, string? version)
    {
        var answer = await client.AskAsync(device.Name, model, Request, "application/json", version: version);
        Assert.True(answer.Status == "OK", $"{answer.Status}: {Encoding.UTF8.GetString(answer.Payload)}\n{device.Log}");
        return JsonDocument.Parse(answer.Payload);
    }
}
