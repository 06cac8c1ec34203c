using System.Text;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>Two versions at once over MQTT and HTTP, while the configuration changes under them.</summary>
public sealed class VersionSwapTests
{
    private const string Model = "net", Json = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[0.5,-1,2,0.25]}]}""";
    private const int AfterTheSwap = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Swap_OneVersionRebuiltWhileBothServe_NoRequestFailsOnEitherWayAndTheOtherNeverChanges()
    {
        await using var device = Device();
        device.With(Settings(device, "1", 1) with { IsDefault = false }).With(Settings(device, "2", 2));
        await device.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(await device.Host.Http!.Listening) };
        var before = (First: await OverMqttAsync(device, "1"), Second: await OverMqttAsync(device, "2"));
        Assert.NotEqual(before.First, before.Second);
        device.Without(Model);
        device.With(Settings(device, "1", 3) with { IsDefault = false }).With(Settings(device, "2", 2));
        var swap = device.ReloadAsync();
        var answers = await AskAsync(swap, [() => OverMqttAsync(device, "1"), () => OverHttpAsync(http, "1")], [() => OverMqttAsync(device, "2"), () => OverHttpAsync(http, "2")]);
        var after = await OverMqttAsync(device, "1");
        Assert.NotEqual(before.First, after);
        Assert.All(answers.Second, answer => Assert.Equal(before.Second, answer));
        Assert.All(answers.First, answer => Assert.Contains(answer, new[] { before.First, after }));
        Assert.Equal(after, answers.First[^1]);
    }

    [Fact]
    public async Task Reload_WhatServesUnpinnedIsPinned_RequestsOfItsVersionNeverFail()
    {
        await using var device = Device();
        device.With(Settings(device, "1", 1) with { Version = null });
        await device.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(await device.Host.Http!.Listening) };
        var before = await OverMqttAsync(device, "1");
        device.Without(Model);
        device.With(Settings(device, "1", 1)).With(Settings(device, "2", 2) with { IsDefault = false });
        var answers = await AskAsync(device.ReloadAsync(), [() => OverMqttAsync(device, "1")], [() => OverHttpAsync(http, "1")]);
        Assert.All(answers.First.Concat(answers.Second), answer => Assert.Equal(before, answer));
    }

    [Fact]
    public async Task Start_FlashedVersionAndASourceThatPushesItOut_TheVersionIsKeptFirst()
    {
        await using var device = Device();
        foreach (int version in new[] { 1, 2 })
        {
            device.Without(Model);
            device.With(Settings(device, $"{version}", version) with { Version = null });
            await device.StartAsync();
            await device.StopAsync();
        }
        device.Without(Model);
        device.With(Settings(device, "3", 3) with { Version = null }).With(Settings(device, "1", 1) with { Source = null, IsDefault = false });
        await device.StartAsync();
        await OverMqttAsync(device, "1");
        await OverMqttAsync(device, "3");
    }

    private static TestDevice Device() => new() { Http = new HttpSettings { Port = 0 }, Limits = new LimitSettings { PerClient = 1000, QueueMessages = 1000 } };

    private static ModelSettings Settings(TestDevice device, string version, int build) => new()
    {
        Name = Model,
        Version = version,
        Source = device.Bundles.Make(Model, TestModels.Mlp(inputs: 4, hidden: 8, outputs: 2, seed: (ulong)build), ThisMachine.TargetName,
            (_, manifest) => manifest with { Version = version, Sequence = build }),
    };

    // Both sorts in turn for as long as the change takes, and a little longer.
    private static async Task<(List<string> First, List<string> Second)> AskAsync(Task change, Func<Task<string>>[] first, Func<Task<string>>[] second)
    {
        var (ofFirst, ofSecond) = (new List<string>(), new List<string>());
        for (int left = AfterTheSwap; left > 0; left -= change.IsCompleted ? 1 : 0)
        {
            foreach (var ask in first) ofFirst.Add(await ask());
            foreach (var ask in second) ofSecond.Add(await ask());
        }
        await change;
        return (ofFirst, ofSecond);
    }

    private static async Task<string> OverMqttAsync(TestDevice device, string version)
    {
        var answer = await device.AskAsync(Model, TestRequest.Json(Json) with { Properties = [("model-version", version)] });
        Assert.True(answer.Status == "OK", $"{answer.Status} {answer.Text}");
        Assert.Equal(version, answer.Properties["model-version"]);
        return Outputs(answer.Text);
    }

    private static async Task<string> OverHttpAsync(HttpClient http, string version)
    {
        using var body = new StringContent(Json, Encoding.UTF8, "application/json");
        body.Headers.ContentType!.CharSet = null;
        using var response = await http.PostAsync($"/v2/models/{Model}/versions/{version}/infer", body, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(version, response.Headers.GetValues("model-version").Single());
        return Outputs(text);
    }

    private static string Outputs(string text) => text[text.IndexOf("\"outputs\"", StringComparison.Ordinal)..];
}
