using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Catalog;

/// <summary>A model that fails, gives no numbers or hangs: its own requests learn it, another model serves on.</summary>
public sealed class IsolationTests
{
    private static readonly TestRequest Request = TestRequest.Floats("x", [1, 2], 0.5f, -1);
    private static readonly TestRequest Fails = TestRequest.Floats("x", [4], 1, 2, 3, 4), Succeeds = TestRequest.Floats("x", [3], 1, 2, 3);

    [Fact]
    public async Task Ask_FiveFailuresInARow_IsQuarantinedAndComesBack()
    {
        await using var device = await new TestDevice().With("reshape", TestModels.Reshape(3)).With("echo", TestModels.Identity()).StartAsync();
        for (int i = 0; i < 5; i++) Assert.Equal("INTERNAL", (await device.AskAsync("reshape", Fails)).Status);
        var refused = await device.AskAsync("reshape", Succeeds);
        Assert.Equal(("UNAVAILABLE", "quarantined"), (refused.Status, refused.Reason));
        Assert.Contains("5 runs in a row failed", refused.Text, StringComparison.Ordinal);
        Assert.True(long.Parse(refused.Properties["retry-after-ms"]) > 0);
        await device.WaitForStateAsync("5 runs in a row failed");
        await device.WaitForModelAsync("reshape", "quarantined");
        Assert.Equal("OK", (await device.AskAsync("echo", Request)).Status);
        await device.WaitForLogAsync("reshape: 1.0.0 in service", times: 2);
        Assert.Equal("OK", (await device.AskAsync("reshape", Succeeds)).Status);
    }

    [Fact]
    public async Task Ask_FailuresWithASuccessBetween_IsNotQuarantined()
    {
        await using var device = await new TestDevice().With("reshape", TestModels.Reshape(3)).StartAsync();
        for (int i = 0; i < 12; i++)
            Assert.Equal(i % 4 == 3 ? "OK" : "INTERNAL", (await device.AskAsync("reshape", i % 4 == 3 ? Succeeds : Fails)).Status);
    }

    [Fact]
    public async Task Ask_AnswerIsNotANumber_IsInternalOrTheRequestsOwnFault()
    {
        await using var device = await new TestDevice().With("log", TestModels.Logarithm()).StartAsync();
        Assert.Equal("OK", (await device.AskAsync("log", TestRequest.Floats("x", [2], 1, 2))).Status);
        var failed = await device.AskAsync("log", TestRequest.Floats("x", [2], 1, -1));
        Assert.Equal(("INTERNAL", """{"error":"output 'y' is not finite"}"""), (failed.Status, failed.Text));
        var invalid = await device.AskAsync("log", Binary(1, float.NaN));
        Assert.Equal(("INVALID_ARGUMENT", """{"error":"input 'x' is not finite, and so output 'y' is not either"}"""), (invalid.Status, invalid.Text));
    }

    [Fact]
    public async Task Ask_AnswerIsNotANumberAndNobodyMinds_IsAnswered()
    {
        await using var device = new TestDevice();
        device.With(new ModelSettings { Name = "log", Source = device.Bundles.Make("log", TestModels.Logarithm(), ThisMachine.TargetName), CheckFinite = false });
        await device.StartAsync();
        Assert.Equal("OK", (await device.AskAsync("log", TestRequest.Floats("x", [2], 1, -1) with { Properties = [("accept", "application/octet-stream")] })).Status);
    }

    [Fact]
    public async Task Ask_RunDoesNotEnd_ItsRequestIsAnsweredAnotherModelServesAndItComesBack()
    {
        await using var device = await Stubborn().With("echo", TestModels.Identity()).StartAsync();
        Assert.Equal("OK", (await device.AskAsync("stubborn", Shape(2))).Status);
        var (hung, _) = await HangAsync(device);
        Assert.Equal(("DEADLINE_EXCEEDED", "hung"), (hung.Status, hung.Reason));
        Assert.Contains("a run did not end within 100 ms of its deadline (limits.hangMs)", hung.Text, StringComparison.Ordinal);
        Assert.Equal(1, device.Host.Catalog.LostRuns);
        await device.WaitForStateAsync("a run did not end within 100 ms");
        Assert.Equal("OK", (await device.AskAsync("echo", Request)).Status);
        await device.WaitForLogAsync("stubborn: 1.0.0 in service", times: 2);
        Assert.Equal("OK", (await device.AskAsync("stubborn", Shape(2))).Status);
    }

    [Fact]
    public async Task Ask_RunDoesNotEnd_WhatWaitsBehindItIsToldSoByTheNextWorker()
    {
        await using var device = await Stubborn().StartAsync();
        var (_, waited) = await HangAsync(device);
        Assert.Equal("UNAVAILABLE", waited.Status);
        Assert.Contains("a run did not end", waited.Text, StringComparison.Ordinal);
    }

    // A deadline that falls into the one node that takes long; the nodes before it end cleanly when theirs falls into them.
    private static async Task<(SentMessage Hung, SentMessage Waited)> HangAsync(TestDevice device)
    {
        for (int deadline = 200; deadline <= 12_800; deadline *= 2)
        {
            var first = device.Send("stubborn", Shape(Endless) with { Properties = [("deadline-ms", $"{deadline}")] });
            var waited = await device.AskAsync("stubborn", Shape(2) with { Properties = [("deadline-ms", "20000")] });
            if (device.Host.Catalog.LostRuns > 0) return (await device.WaitForAsync(sent => sent.CorrelationData.AsSpan().SequenceEqual(first)), waited);
        }
        throw new InvalidOperationException("no run hung");
    }

    private static TestDevice Stubborn()
    {
        var device = new TestDevice { Limits = new LimitSettings { HangGrace = TimeSpan.FromMilliseconds(100) } };
        var source = device.Bundles.Make("stubborn", TestModels.Stubborn(), ThisMachine.TargetName);
        return device.With(new ModelSettings { Name = "stubborn", Source = source, Threads = 1 });
    }

    // One node of it takes a second and more.
    private const int Endless = 4000;

    private static TestRequest Shape(int size) =>
        TestRequest.Json($$"""{"inputs":[{"name":"shape","shape":[2],"datatype":"INT64","data":[{{size}},{{size}}]}]}""");

    private static TestRequest Binary(params float[] values)
    {
        var header = System.Text.Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"x","shape":[{{{values.Length}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{values.Length * sizeof(float)}}}}}]}""");
        return new TestRequest
        {
            Payload = [.. header, .. System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())],
            ContentType = "application/octet-stream",
            Properties = [("inference-header-content-length", $"{header.Length}")],
        };
    }
}
