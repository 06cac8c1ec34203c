using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Device.Tests.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly BundleMaker _bundles;

    public CheckCommandTests() => _bundles = new BundleMaker(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_BundleIsFit_IsOk()
    {
        _bundles.Make("echo", TestModels.Identity(), ThisMachine.TargetName);
        var result = (await CheckAsync("""{"name": "echo", "source": "echo-1.0.0.bundle"}""")).Expect(0);
        Assert.Contains("model echo: 1.0.0, variants fp32: ok", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("ok\n", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["root"])); // it only looked
    }

    [Fact]
    public async Task Check_BundleIsActive_IsOkWithoutASource()
    {
        var trust = TrustPolicy.Load(_bundles.TrustedKey);
        using (var bundle = VerifiedBundle.Open(_bundles.Make("echo", TestModels.Identity(), ThisMachine.TargetName), trust))
        {
            var store = new BundleStore(_folder["root"]);
            store.Activate(store.Install(bundle, trust));
        }
        (await CheckAsync("""{"name": "echo"}""")).Expect(0);
    }

    [Theory]
    [InlineData("""{"name": "echo"}""", "no source and no active bundle")]
    [InlineData("""{"name": "other", "source": "echo-1.0.0.bundle"}""", "its source is bundle 'echo'")]
    [InlineData("""{"name": "echo", "source": "echo-1.0.0.bundle", "variant": "int8"}""", "it has no variant 'int8'")]
    public async Task Check_ModelCannotBeServed_SaysWhy(string model, string reason)
    {
        _bundles.Make("echo", TestModels.Identity(), ThisMachine.TargetName);
        var result = (await CheckAsync(model)).Expect(1);
        Assert.Contains(reason, result.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 of 1 models cannot be served\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BundleForAnotherTarget_NamesBoth()
    {
        _bundles.Make("echo", TestModels.Identity(), "jetson-orin-nano");
        var result = (await CheckAsync("""{"name": "echo", "source": "echo-1.0.0.bundle"}""")).Expect(1);
        Assert.Contains($"it is for jetson-orin-nano, not for target '{ThisMachine.TargetName}'", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BundleSignedByAnother_IsRefused()
    {
        Directory.CreateDirectory(_folder["other"]);
        new BundleMaker(_folder["other"]).Make("echo", TestModels.Identity(), ThisMachine.TargetName);
        var result = (await CheckAsync("""{"name": "echo", "source": "other/echo-1.0.0.bundle"}""")).Expect(1);
        Assert.Contains("1 of 1 models cannot be served", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ConfigurationIsWrong_ListsAll()
    {
        await File.WriteAllTextAsync(_folder["edge-runtime.json"], """{"fleet": "Lab", "root": 7, "broker": {}}""", TestContext.Current.CancellationToken);
        var result = (await Program.RunAsync("check", "--config", _folder["edge-runtime.json"])).Expect(1);
        foreach (var path in (string[])["$.fleet", "$.device", "$.root"]) Assert.Contains(path, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Check_NoConfig_IsWrongUsage() => (await Program.RunAsync("check")).Expect(2);

    [Fact]
    public async Task Schema_IsAsked_IsPrintedAsJson()
    {
        using var schema = JsonDocument.Parse((await Program.RunAsync("check", "--schema")).Expect(0).Output);
        Assert.Equal("edge-runtime.json", schema.RootElement.GetProperty("title").GetString());
    }

    private async Task<ProcessResult> CheckAsync(string model)
    {
        var config = $$"""
            {"fleet": "lab", "device": "dev-1", "root": "root", "broker": {}, "trust": {"keys": ["{{Path.GetFileName(_bundles.TrustedKey)}}"]}, "models": [{{model}}]}
            """;
        await File.WriteAllTextAsync(_folder["edge-runtime.json"], config, TestContext.Current.CancellationToken);
        return await Program.RunAsync("check", "--config", _folder["edge-runtime.json"]);
    }
}
