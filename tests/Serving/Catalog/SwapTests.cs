using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>Models that change while requests come: all of it real but the link.</summary>
public sealed class SwapTests
{
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 2], 0.5f, -1);
    private static readonly LimitSettings Wide = new() { PerClient = 100_000, QueueMessages = 100_000 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reload_OtherBundleUnderLoad_NoRequestFailsAndNoneIsAnsweredByTheOldOneAfterTheNew()
    {
        await using var device = await new TestDevice { Limits = Wide }.With("echo", TestModels.Identity()).StartAsync();
        var old = device.Host.Catalog.Model("echo")!;
        device.Renew("echo", TestModels.Identity(), (_, manifest) => manifest with { Version = "2", Sequence = 2 });
        var reload = device.ReloadAsync();
        var asked = new List<byte[]>();
        while (!reload.IsCompleted)
        {
            asked.Add(device.Send("echo", Request));
            await Task.Delay(1, Cancel);
        }
        await reload;
        for (int i = 0; i < 20; i++) asked.Add(device.Send("echo", Request));
        await device.WaitForAsync(sent => sent.CorrelationData.AsSpan().SequenceEqual(asked[^1]));
        var answers = Answers(device, asked);
        Assert.All(answers, answer => Assert.Equal("OK", answer.Status));
        var versions = answers.Select(answer => answer.Properties["model-version"]).ToList();
        Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        Assert.Equal(["1.0.0", "2"], versions.Distinct());
        Assert.Throws<ObjectDisposedException>(() => old.Variant.CreateContext().Run());
        Assert.Equal("2", device.Host.Catalog.Model("echo")!.Version);
    }

    [Fact]
    public async Task Reload_OtherModel_ComesIntoServiceInTheFormThatItKeeps()
    {
        await using var device = await new TestDevice().With("mlp", TestModels.Mlp(4, 64)).StartAsync();
        device.Renew("mlp", TestModels.Mlp(4, 32), (_, manifest) => manifest with { Version = "2", Sequence = 2 });
        await device.ReloadAsync();
        var variant = device.Host.Catalog.Model("mlp")!.Variant;
        Assert.True(variant.Specialised.IsCompleted, $"form {variant.Form}: {variant.PlainReason}");
        Assert.Contains("2 in service in place of 1.0.0", device.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_BundleIsTampered_TheOldOneServesAndTheStateSaysWhy()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        device.Renew("echo", TestModels.Identity(), (_, manifest) => manifest with { Version = "2", Sequence = 2 });
        var source = Directory.GetFiles(Path.GetDirectoryName(device.Root)!, "echo-2.bundle")[0];
        var bytes = await File.ReadAllBytesAsync(source, Cancel);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(source, bytes, Cancel);
        await device.ReloadAsync();
        await device.WaitForStateAsync("the active bundle stays in service");
        Assert.Equal("1.0.0", (await device.AskAsync("echo", Request)).Properties["model-version"]);
    }

    [Fact]
    public async Task Reload_NothingIsDifferent_TheSameModelServesOn()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        var before = device.Host.Catalog.Model("echo");
        await device.ReloadAsync();
        Assert.Same(before, device.Host.Catalog.Model("echo"));
    }

    [Fact]
    public async Task Reload_ModelsComeAndGo_TheNewOneServesAndTheOldOneIsNotFound()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        device.With("second", TestModels.Identity());
        await device.ReloadAsync();
        Assert.Equal("OK", (await device.AskAsync("second", Request)).Status);
        device.Without("echo");
        await device.ReloadAsync();
        Assert.Equal("NOT_FOUND", (await device.AskAsync("echo", Request)).Status);
        Assert.Equal("OK", (await device.AskAsync("second", Request)).Status);
        Assert.Equal(["second"], device.Host.Catalog.Index().Select(model => model.Name));
    }

    [Fact]
    public async Task Reload_ConfigurationIsBroken_NothingChangesAndTheStateSaysWhy()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        await device.Host.ReloadAsync(() => throw new ConfigException("edge-runtime.json", ["$.fleet: is missing"]));
        var state = await device.WaitForStateAsync("degraded");
        Assert.Contains("the configuration was not taken over: edge-runtime.json: one problem;   $.fleet: is missing", state.Text, StringComparison.Ordinal);
        Assert.Equal("OK", (await device.AskAsync("echo", Request)).Status);
        await device.ReloadAsync();
        Assert.Contains("\"online\"", device.Link.Sent.Last(sent => sent.Topic.EndsWith("/state", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unload_RequestsWait_AreAnsweredThenRefusedUntilItIsLoadedAgain()
    {
        await using var device = await new TestDevice().With("slow", TestModels.Slow(size: 256, steps: 40)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        var waiting = Enumerable.Range(0, 4).Select(_ => device.Send("slow", request)).ToList();
        var model = device.Host.Catalog.Model("slow")!;
        Assert.Equal(InferenceStatus.Ok, (await device.Host.Catalog.UnloadAsync("slow", null, Cancel)).Status);
        Assert.All(Answers(device, waiting), answer => Assert.Equal("OK", answer.Status));
        Assert.Throws<ObjectDisposedException>(() => model.Variant.CreateContext().Run());
        var refused = await device.AskAsync("slow", request);
        Assert.Equal(("UNAVAILABLE", "not_in_service"), (refused.Status, refused.Reason));
        Assert.Contains("it was unloaded on request", refused.Text, StringComparison.Ordinal);
        Assert.False(refused.Properties.ContainsKey("retry-after-ms"));
        Assert.Equal("UNAVAILABLE", Assert.Single(device.Host.Catalog.Index()).State);
        Assert.Equal(InferenceStatus.Ok, (await device.Host.Catalog.LoadAsync("slow", null, Cancel)).Status);
        Assert.Equal("OK", (await device.AskAsync("slow", request)).Status);
        Assert.Equal("READY", Assert.Single(device.Host.Catalog.Index()).State);
    }

    [Fact]
    public async Task Load_UnknownModel_IsNotFound()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        var outcome = await device.Host.Catalog.LoadAsync("other", null, Cancel);
        Assert.Equal((InferenceStatus.NotFound, "no model 'other' on device 'dev-1', only 'echo'"), (outcome.Status, outcome.Error));
    }

    private static List<SentMessage> Answers(TestDevice device, List<byte[]> asked)
    {
        var wanted = asked.Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        var answers = device.Link.Sent.Where(sent => wanted.Contains(Convert.ToHexString(sent.CorrelationData))).ToList();
        Assert.Equal(asked.Count, answers.Count);
        return answers;
    }
}
