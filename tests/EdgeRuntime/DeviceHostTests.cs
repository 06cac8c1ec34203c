using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Device.Tests;

/// <summary>The whole way of a request through the device, and what becomes of those that must be refused.</summary>
public sealed class DeviceHostTests
{
    private static readonly TestRequest Lawful = TestRequest.Floats("x", [1, 2], 0.5f, -1);

    [Fact]
    public async Task Ask_Identity_IsAnsweredWithItsInput()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        var answer = await device.AskAsync("echo", Lawful with { Properties = [("deadline-ms", "5000")] });
        Assert.Equal("OK", answer.Status);
        Assert.Equal("""{"model_name":"echo","model_version":"1.0.0","outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":[0.5,-1]}]}""", answer.Text);
        Assert.Equal(("fp32", "local", "1.0.0"), (answer.Properties["variant"], answer.Properties["route"], answer.Properties["model-version"]));
        Assert.True(long.Parse(answer.Properties["compute-us"]) > 0);
    }

    [Fact]
    public async Task Ask_AcceptBinary_IsAnsweredInSections()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        var answer = await device.AskAsync("echo", Lawful with { Properties = [("accept", "application/octet-stream")] });
        Assert.Equal("application/octet-stream", answer.ContentType);
        int header = int.Parse(answer.Properties["inference-header-content-length"]);
        Assert.Equal([0.5f, -1], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(answer.Payload.AsSpan(header)).ToArray());
    }

    [Fact]
    public async Task Ask_RunsTakeAllCores_TheWorkerAttendsToTheLinkBetweenThem()
    {
        await using var device = new TestDevice();
        device.With(new ModelSettings { Name = "echo", Source = device.Bundles.Make("echo", TestModels.Identity(), ThisMachine.TargetName), Threads = Environment.ProcessorCount });
        await device.StartAsync();
        await device.AskAsync("echo", Lawful);
        await device.AskAsync("echo", Lawful); // whose run began after what is between the two
        Assert.True(device.Link.Attended > 0);
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "no-such-model", "NOT_FOUND", "no model 'other' on device 'dev-1', only 'echo'" },
        { "foreign-response-topic", "INVALID_ARGUMENT", "response topic 'edge/v1/lab/c/you/answers' is not under edge/v1/lab/c/me/" },
        { "no-response-topic", "INVALID_ARGUMENT", "no response topic is given: it must be under edge/v1/lab/c/me/" },
        { "retained", "INVALID_ARGUMENT", "the request is retained, which would repeat it at every start" },
        { "no-expiry", "INVALID_ARGUMENT", "no message expiry is given" },
        { "late", "DEADLINE_EXCEEDED", "the deadline had passed when the request arrived" },
        { "bad-property", "INVALID_ARGUMENT", "user property 'priority' is '12', it must be 0 to 9" },
        { "too-large", "INVALID_ARGUMENT", "the payload has 4096 bytes, over the limit of 2048 (limits.payloadBytes)" },
        { "wrong-shape", "INVALID_ARGUMENT", "input 'x' has the shape [2]; the model takes [-1,-1]" },
        { "wrong-type", "INVALID_ARGUMENT", "input 'x' has the type Int64; the model takes Float32" },
        { "wrong-name", "INVALID_ARGUMENT", "input 'x' of model 'echo' is missing" },
        { "unknown-output", "INVALID_ARGUMENT", "model 'echo' has no output 'z', only 'y'" },
        { "image", "INVALID_ARGUMENT", "the payload is not image/jpeg" },
        { "no-content-type", "INVALID_ARGUMENT", "no content type is given" },
        { "server-only", "UNAVAILABLE", "the request asks for a server (offload: only), and device 'dev-1' asks none" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Ask_Refusable_GetsItsStatusAndTextAndHarmsNoOther(string what, string status, string text)
    {
        await using var device = await new TestDevice { Limits = new LimitSettings { PayloadBytes = new ByteCount(2048) } }
            .With("echo", TestModels.Identity()).StartAsync();
        var answer = await device.AskAsync(what == "no-such-model" ? "other" : "echo", Refusable(what));
        Assert.Equal(status, answer.Status);
        Assert.Contains(text, Error(answer.Text), StringComparison.Ordinal);
        Assert.Equal(what.EndsWith("response-topic", StringComparison.Ordinal) ? "edge/v1/lab/c/me/errors" : "edge/v1/lab/c/me/answers", answer.Topic);
        Assert.Equal("OK", (await device.AskAsync("echo", Lawful)).Status);
    }

    [Fact]
    public async Task Ask_QualityFloorAboveTheVariants_IsRefused()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity(), (_, manifest) => manifest with
        {
            Variants = [manifest.Variants[0] with { Quality = new Quality { Metric = "top1", Value = 0.9, Relative = 0.98, Samples = 10, Low = 0.8, High = 1 } }],
        }).StartAsync();
        var answer = await device.AskAsync("echo", Lawful with { Properties = [("min-quality", "0.99")] });
        Assert.Equal(("UNAVAILABLE", "unfit"), (answer.Status, answer.Reason));
        Assert.Contains("has the quality 0.98, below the floor of 0.99", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OneModelIsBroken_TheOtherServesAndTheStateSaysWhy()
    {
        await using var device = new TestDevice();
        device.With("echo", TestModels.Identity()).With(new ModelSettings { Name = "gone" });
        await device.StartAsync();
        var state = await device.WaitForAsync(sent => sent.Topic.EndsWith("/state", StringComparison.Ordinal));
        Assert.True(state.Retain);
        Assert.Contains("\"state\":\"degraded\"", state.Text, StringComparison.Ordinal);
        Assert.Contains("no source and no active bundle", state.Text, StringComparison.Ordinal);
        Assert.Equal("UNAVAILABLE", (await device.AskAsync("gone", Lawful)).Status);
        Assert.Equal("OK", (await device.AskAsync("echo", Lawful)).Status);
    }

    [Fact]
    public async Task Start_SourceIsTampered_ActiveBundleStaysInService()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        await device.StopAsync();
        var source = Directory.GetFiles(Path.GetDirectoryName(device.Root)!, "echo-*.bundle")[0];
        var bytes = await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(source, bytes, TestContext.Current.CancellationToken);
        await device.StartAsync();
        Assert.Contains("the active bundle stays in service", (await device.WaitForAsync(sent => sent.Topic.EndsWith("/state", StringComparison.Ordinal))).Text, StringComparison.Ordinal);
        Assert.Equal("OK", (await device.AskAsync("echo", Lawful)).Status);
    }

    [Fact]
    public async Task Models_AreTold_Retained()
    {
        await using var device = await new TestDevice().With("echo", TestModels.Identity()).StartAsync();
        var models = await device.WaitForAsync(sent => sent.Topic.EndsWith("/models", StringComparison.Ordinal));
        Assert.True(models.Retain);
        using var document = JsonDocument.Parse(models.Payload);
        var model = document.RootElement.GetProperty("models")[0];
        Assert.Equal(("echo", "ready", "fp32"), (model.GetProperty("name").GetString(), model.GetProperty("state").GetString(), model.GetProperty("variant").GetString()));
    }

    [Fact]
    public async Task Stop_RequestsWait_AllAreAnsweredBeforeTheDeviceIsOffline()
    {
        await using var device = await new TestDevice().With("slow", TestModels.Slow(size: 256, steps: 40)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        var waiting = Enumerable.Range(0, 8).Select(_ => device.Send("slow", request)).ToList();
        await device.StopAsync();
        var answers = device.Link.Sent;
        foreach (var correlation in waiting)
            Assert.Equal("OK", Assert.Single(answers, sent => sent.CorrelationData.AsSpan().SequenceEqual(correlation)).Status);
        Assert.Contains("\"state\":\"offline\"", answers[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_TimeIsUp_WhatRunsAndWaitsIsToldSoBeforeTheDeviceIsOffline()
    {
        await using var device = await new TestDevice { Limits = new LimitSettings { Drain = TimeSpan.FromMilliseconds(50) } }
            .With("slow", TestModels.Slow(size: 256, steps: 2000)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        var waiting = Enumerable.Range(0, 4).Select(_ => device.Send("slow", request)).ToList();
        await device.StopAsync();
        var answers = device.Link.Sent;
        foreach (var correlation in waiting)
            Assert.Equal("UNAVAILABLE", Assert.Single(answers, sent => sent.CorrelationData.AsSpan().SequenceEqual(correlation)).Status);
        Assert.Contains("\"state\":\"offline\"", answers[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NewerBundle_UnpackedBundlesBeforeTheLastAreRemoved()
    {
        await using var device = new TestDevice();
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            device.Renew("echo", TestModels.Identity(), (_, manifest) => manifest with { Version = $"{sequence}", Sequence = sequence });
            await device.StartAsync();
            await device.StopAsync();
        }
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(device.Root, "bundles", "echo")).Length);
    }

    [Fact]
    public async Task Ask_ClientOverItsQuota_IsRefusedAndAnotherIsServed()
    {
        await using var device = await new TestDevice { Limits = new LimitSettings { PerClient = 2 } }
            .With("slow", TestModels.Slow(size: 256, steps: 40)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        for (int i = 0; i < 2; i++) device.Send("slow", request);
        var refused = await device.AskAsync("slow", request);
        Assert.Equal("RESOURCE_EXHAUSTED", refused.Status);
        Assert.Equal("quota", refused.Reason);
        Assert.Contains("client 'me' has 2 requests waiting, which is the limit", refused.Text, StringComparison.Ordinal);
        Assert.True(long.Parse(refused.Properties["retry-after-ms"]) > 0);
        Assert.Equal("OK", (await device.AskAsync("slow", request with { Client = "you" })).Status);
    }

    [Fact]
    public async Task Ask_QueueIsFull_IsRefusedWithRetryAfter()
    {
        await using var device = await new TestDevice { Limits = new LimitSettings { QueueMessages = 1 } }
            .With("slow", TestModels.Slow(size: 256, steps: 40)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        var sent = Enumerable.Range(0, 6).Select(_ => device.Send("slow", request)).ToList();
        var answers = new List<(string?, string?)>();
        foreach (var correlation in sent)
        {
            var answer = await device.WaitForAsync(answer => answer.CorrelationData.AsSpan().SequenceEqual(correlation));
            answers.Add((answer.Status, answer.Reason));
        }
        Assert.Contains(("RESOURCE_EXHAUSTED", "queue_full"), answers);
        Assert.Contains(("OK", null), answers);
    }

    [Fact]
    public async Task Ask_DeadlinePassesWhileItRuns_IsToldSo()
    {
        await using var device = await new TestDevice().With("slow", TestModels.Slow(size: 512, steps: 4000)).StartAsync();
        var answer = await device.AskAsync("slow", TestRequest.Floats("x", [512, 512], new float[512 * 512]) with { Properties = [("deadline-ms", "2000")] });
        Assert.Equal(("DEADLINE_EXCEEDED", "deadline"), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task Ask_ModelFailsOnThisInput_IsInternalAndTheNextIsServed()
    {
        await using var device = await new TestDevice().With("reshape", TestModels.Reshape(3)).StartAsync();
        Assert.Equal("INTERNAL", (await device.AskAsync("reshape", TestRequest.Floats("x", [4], 1, 2, 3, 4))).Status);
        Assert.Equal("OK", (await device.AskAsync("reshape", TestRequest.Floats("x", [6], 1, 2, 3, 4, 5, 6))).Status);
    }

    [Fact]
    public async Task Cancel_ByTopic_TheClientsOwnRequestIsAnsweredSo()
    {
        await using var device = await new TestDevice().With("slow", TestModels.Slow(size: 256, steps: 400)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        var sent = Enumerable.Range(0, 4).Select(_ => device.Send("slow", request)).ToList();
        device.Cancel(sent[3], client: "you");
        device.Cancel(sent[2]);
        var answers = new List<string?>();
        foreach (var correlation in sent) answers.Add((await device.WaitForAsync(answer => answer.CorrelationData.AsSpan().SequenceEqual(correlation))).Status);
        Assert.Equal(["OK", "OK", "CANCELLED", "OK"], answers);
    }

    [Fact]
    public async Task Ask_LessTimeThanTheModelTakes_IsRefusedAtOnceAndTheOthersAreServed()
    {
        await using var device = await new TestDevice().With("slow", TestModels.Slow(size: 256, steps: 400)).StartAsync();
        var request = TestRequest.Floats("x", [256, 256], new float[256 * 256]);
        for (int i = 0; i < 4; i++) Assert.Equal("OK", (await device.AskAsync("slow", request)).Status);
        var refused = await device.AskAsync("slow", request with { Properties = [("deadline-ms", "2")] });
        Assert.Equal(("DEADLINE_EXCEEDED", "no_time"), (refused.Status, refused.Reason));
        Assert.Contains("model 'slow' would answer in ", refused.Text, StringComparison.Ordinal);
        Assert.Equal("OK", (await device.AskAsync("slow", request)).Status);
    }

    private static TestRequest Refusable(string what) => what switch
    {
        "foreign-response-topic" => Lawful with { ResponseTopic = "edge/v1/lab/c/you/answers" },
        "no-response-topic" => Lawful with { ResponseTopic = "" },
        "retained" => Lawful with { Retain = true },
        "no-expiry" => Lawful with { Expiry = null },
        "late" => Lawful with { Properties = [("deadline-ms", "0")] },
        "bad-property" => Lawful with { Properties = [("priority", "12")] },
        "too-large" => Lawful with { Payload = new byte[4096] },
        "wrong-shape" => TestRequest.Floats("x", [2], 1, 2),
        "wrong-type" => TestRequest.Json("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"INT64","data":[1]}]}"""),
        "wrong-name" => TestRequest.Floats("z", [1, 2], 1, 2),
        "unknown-output" => TestRequest.Json("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"z"}]}"""),
        "image" => Lawful with { ContentType = "image/jpeg" },
        "no-content-type" => Lawful with { ContentType = "" },
        "server-only" => Lawful with { Properties = [("offload", "only")] },
        _ => Lawful,
    };

    private static string Error(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("error").GetString()!;
    }
}
