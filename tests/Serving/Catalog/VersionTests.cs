using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>Versions of one model side by side, over MQTT: all of it real but the link. Each version has weights of its own, so that answers tell them apart.</summary>
public sealed class VersionTests
{
    private const string Model = "net";
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 4], 0.5f, -1, 2, 0.25f);
    private static readonly LimitSettings Wide = new() { PerClient = 100_000, QueueMessages = 100_000 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_TwoVersions_EachAnswersWhoAsksForItAndTheDefaultTheRest()
    {
        await using var device = new TestDevice();
        Serve(device, "2", "1", "2");
        await device.StartAsync();
        var (first, second, other) = (await AskAsync(device, "1"), await AskAsync(device, "2"), await AskAsync(device, null));
        Assert.Equal(("1", "2", "2"), (Version(first), Version(second), Version(other)));
        Assert.NotEqual(Outputs(first), Outputs(second));
        Assert.Equal(Outputs(second), Outputs(other));
        Assert.Equal(["net@1", "net@2"], Directory.GetFiles(Path.Combine(device.Root, "state"), "models.json").SelectMany(file => new Bundles.BundleStore(device.Root).Models.Keys));
    }

    [Fact]
    public async Task Ask_VersionThatIsNotServed_IsNotFoundAndSaysWhatIs()
    {
        await using var device = new TestDevice();
        Serve(device, "1", "1", "2");
        await device.StartAsync();
        var missing = await AskAsync(device, "3");
        Assert.Equal(("NOT_FOUND", """{"error":"model 'net' has no version '3', only '1', '2'"}"""), (missing.Status, missing.Text));
        Assert.Equal("INVALID_ARGUMENT", (await AskAsync(device, "Not a version")).Status);
    }

    [Fact]
    public async Task Ask_BesideOneWithoutVersion_ThatOneIsFoundByWhatItServes()
    {
        await using var device = new TestDevice();
        device.With(Settings(device, "1") with { Version = null }).With(Settings(device, "2") with { IsDefault = false });
        await device.StartAsync();
        Assert.Equal(("1", "1", "2"), (Version(await AskAsync(device, null)), Version(await AskAsync(device, "1")), Version(await AskAsync(device, "2"))));
        Assert.Equal("NOT_FOUND", (await AskAsync(device, "3")).Status);
        Assert.Equal("online", State(device));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reload_AnotherDefaultUnderLoad_NoRequestFailsAndNoneIsAnsweredByTheOldOneAfterTheNew(bool staysConfigured)
    {
        await using var device = new TestDevice { Limits = Wide };
        Serve(device, "1", "1");
        await device.StartAsync();
        Serve(device, "2", staysConfigured ? ["1", "2"] : ["2"]);
        var answers = await AskDuringAsync(device, device.ReloadAsync());
        Assert.All(answers, answer => Assert.Equal("OK", answer.Status));
        var versions = answers.Select(Version).ToList();
        Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        Assert.Equal("2", versions[^1]);
        Assert.Equal(staysConfigured ? "OK" : "NOT_FOUND", (await AskAsync(device, "1")).Status);
        Assert.Equal(staysConfigured ? 2 : 1, Directory.GetDirectories(Path.Combine(device.Root, "bundles", Model)).Length);
    }

    [Fact]
    public async Task Reload_NewDefaultCannotBeLoaded_TheOldOneAnswersUntilItCan()
    {
        await using var device = new TestDevice();
        Serve(device, "1", "1");
        await device.StartAsync();
        Serve(device, "2", "2");
        string source = Settings(device, "2").Source!, aside = source + ".aside";
        File.Move(source, aside);
        await File.WriteAllBytesAsync(source, [1, 2, 3], Cancel);
        await device.ReloadAsync();
        await device.WaitForStateAsync("net@2");
        Assert.Equal("1", Version(await AskAsync(device, null)));
        Assert.Equal("UNAVAILABLE", (await AskAsync(device, "2")).Status);
        File.Move(aside, source, overwrite: true);
        await device.ReloadAsync();
        Assert.Equal("2", Version(await AskAsync(device, null)));
        Assert.Equal("NOT_FOUND", (await AskAsync(device, "1")).Status);
        Assert.Equal("online", State(device));
    }

    [Fact]
    public async Task Reload_VersionsComeAndGo_TheDefaultIsTheSameModelThroughout()
    {
        await using var device = new TestDevice();
        Serve(device, "1", "1", "2");
        await device.StartAsync();
        var served = device.Host.Catalog.Model(Model);
        Serve(device, "1", "1", "3");
        await device.ReloadAsync();
        Assert.Same(served, device.Host.Catalog.Model(Model));
        Assert.Equal(("NOT_FOUND", "OK"), ((await AskAsync(device, "2")).Status, (await AskAsync(device, "3")).Status));
        Assert.Equal(["1", "3"], device.Host.Catalog.Index().Select(entry => entry.Version));
        Assert.Equal(["1", "3"], device.Metrics.Model(Model).Versions.Select(version => version.Version));
    }

    [Fact]
    public async Task Start_SourcesAreGone_ServesTheVersionsThatTheStoreKeeps()
    {
        await using var device = new TestDevice();
        Serve(device, "1", "1", "2");
        await device.StartAsync();
        await device.StopAsync();
        device.Without(Model);
        foreach (var version in new[] { "1", "2" }) device.With(Settings(device, version) with { Source = null, IsDefault = version == "1" });
        await device.StartAsync();
        Assert.Equal(("1", "2"), (Version(await AskAsync(device, null)), Version(await AskAsync(device, "2"))));
    }

    [Fact]
    public async Task Start_VersionOnlyInTheNamesOwnSlot_IsKeptBesideItFromThenOn()
    {
        await using var device = new TestDevice();
        device.With(Settings(device, "1") with { Version = null });
        await device.StartAsync();
        device.Without(Model);
        device.With(Settings(device, "2") with { Version = null }).With(Settings(device, "1") with { Source = null, IsDefault = false });
        await device.ReloadAsync();
        Assert.Equal(("2", "1"), (Version(await AskAsync(device, null)), Version(await AskAsync(device, "1"))));
        Assert.Contains("net@1", new Bundles.BundleStore(device.Root).Models.Keys);
    }

    [Fact]
    public async Task Start_SourceHasAnotherVersion_FailsAndTheOtherServes()
    {
        await using var device = new TestDevice();
        Serve(device, "1", "1");
        device.With(Settings(device, "2") with { Version = "3", IsDefault = false });
        await device.StartAsync();
        var refused = await AskAsync(device, "3");
        Assert.Equal("UNAVAILABLE", refused.Status);
        Assert.Contains("has the version 2, the configuration names version 3 of model 'net'", refused.Text, StringComparison.Ordinal);
        Assert.Equal("OK", (await AskAsync(device, null)).Status);
    }

    [Fact]
    public async Task Unload_OneVersionThenAll_TheOthersServeUntilThen()
    {
        await using var device = new TestDevice();
        Serve(device, "1", "1", "2");
        await device.StartAsync();
        var catalog = device.Host.Catalog;
        Assert.Equal(InferenceStatus.Ok, (await catalog.UnloadAsync(Model, "1", Cancel)).Status);
        Assert.Equal(("UNAVAILABLE", "OK"), ((await AskAsync(device, null)).Status, (await AskAsync(device, "2")).Status));
        Assert.Equal(InferenceStatus.Ok, (await catalog.UnloadAsync(Model, null, Cancel)).Status);
        Assert.Equal("UNAVAILABLE", (await AskAsync(device, "2")).Status);
        Assert.Equal(InferenceStatus.Ok, (await catalog.LoadAsync(Model, null, Cancel)).Status);
        Assert.Equal(("1", "2"), (Version(await AskAsync(device, null)), Version(await AskAsync(device, "2"))));
        Assert.Equal((InferenceStatus.NotFound, "model 'net' has no version '9', only '1', '2'"), await catalog.LoadAsync(Model, "9", Cancel) is var gone ? (gone.Status, gone.Error) : default);
    }

    [Fact]
    public async Task Ask_OneVersionBreaks_TheOtherServesAndItComesBack()
    {
        await using var device = new TestDevice();
        var broken = device.Bundles.Make(Model, TestModels.Reshape(3), ThisMachine.TargetName, static (_, manifest) => manifest with { Version = "2", Sequence = 2 });
        device.With(Settings(device, "1")).With(new ModelSettings { Name = Model, Version = "2", IsDefault = false, Source = broken });
        await device.StartAsync();
        var fails = TestRequest.Floats("x", [4], 1, 2, 3, 4) with { Properties = [("model-version", "2")] };
        for (int i = 0; i < 5; i++) Assert.Equal("INTERNAL", (await device.AskAsync(Model, fails)).Status);
        Assert.Contains("model 'net@2' is not in service: 5 runs in a row failed", (await device.AskAsync(Model, fails)).Text, StringComparison.Ordinal);
        Assert.Equal("OK", (await AskAsync(device, null)).Status);
        await device.WaitForLogAsync("net@2: 2 in service", times: 2);
    }

    [Fact]
    public async Task Ask_MoreVersionsThanFit_TheLeastRecentlyUsedMakesRoomAndComesBack()
    {
        await using var device = new TestDevice { Limits = new() { Memory = Bundles.ByteCount.FromMebibytes(70) } };
        Serve(device, "3", "1", "2", "3");
        await device.StartAsync();
        var refused = await AskAsync(device, "1");
        Assert.Contains("it made room for model 'net@3' (limits.memoryBytes)", refused.Text, StringComparison.Ordinal);
        await device.WaitForLogAsync("net@1: 1 in service", times: 2);
        Assert.Equal(("1", "3"), (Version(await AskAsync(device, "1")), Version(await AskAsync(device, null))));
    }

    private static void Serve(TestDevice device, string standard, params string[] versions)
    {
        device.Without(Model);
        foreach (var version in versions) device.With(Settings(device, version) with { IsDefault = version == standard });
    }

    private static ModelSettings Settings(TestDevice device, string version) => new()
    {
        Name = Model,
        Version = version,
        Source = device.Bundles.Make(Model, TestModels.Mlp(inputs: 4, hidden: 8, outputs: 2, seed: (ulong)version[0]), ThisMachine.TargetName,
            (_, manifest) => manifest with { Version = version, Sequence = version[0] - '0' }),
    };

    private static Task<SentMessage> AskAsync(TestDevice device, string? version) =>
        device.AskAsync(Model, version is null ? Request : Request with { Properties = [("model-version", version)] });

    private static async Task<List<SentMessage>> AskDuringAsync(TestDevice device, Task change)
    {
        var asked = new List<byte[]>();
        while (!change.IsCompleted)
        {
            asked.Add(device.Send(Model, Request));
            await Task.Delay(1, Cancel);
        }
        await change;
        for (int i = 0; i < 20; i++) asked.Add(device.Send(Model, Request));
        // In the order in which they were asked: lanes answer side by side, and what the old one accepted it may answer while the new one does already.
        var answers = new List<SentMessage>();
        foreach (var correlation in asked) answers.Add(await device.WaitForAsync(sent => sent.CorrelationData.AsSpan().SequenceEqual(correlation)));
        return answers;
    }

    private static string Version(SentMessage answer) => answer.Properties.TryGetValue("model-version", out var version) ? version : answer.Status + answer.Text;

    private static string Outputs(SentMessage answer) => answer.Text[answer.Text.IndexOf("\"outputs\"", StringComparison.Ordinal)..];

    private static string State(TestDevice device)
    {
        using var state = System.Text.Json.JsonDocument.Parse(device.Link.Sent.Last(sent => sent.Topic.EndsWith("/state", StringComparison.Ordinal)).Text);
        return state.RootElement.GetProperty("state").GetString()!;
    }
}
