using System.Text;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Beacons;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Device.Tests.Offload;

/// <summary>A whole device whose broker is the test: it plays the server too.</summary>
public sealed class OffloadDeskTests
{
    private const string Server = "gpu-1";
    private static readonly TestRequest Only = TestRequest.Floats("x", [1, 2], 0.5f, -1) with { Properties = [("deadline-ms", "5000"), ("offload", "only")] };

    [Fact]
    public async Task Ask_OnlyAServer_IsAnsweredByIt()
    {
        await using var device = await StartAsync();
        Beacon(device);
        var correlation = device.Send("echo", Only);
        var sent = await ToServerAsync(device);
        Assert.Equal(new OffloadGauges(Asked: 1, Avoided: 0, InFlight: 1, AtRisk: 1, AtRiskLimit: 1), device.Metrics.Offload!());
        Assert.Equal($"edge/v1/lab/d/{TestDevice.Device}/rsp/offload", sent.ResponseTopic);
        Assert.InRange(long.Parse(sent.Properties["deadline-ms"]), 1, 5000);
        Answer(device, sent, "OK", """{"model_name":"echo","outputs":[]}""");
        var answer = await device.WaitForAsync(message => message.CorrelationData.AsSpan().SequenceEqual(correlation));
        Assert.Equal(("OK", "offload", "fp32"), (answer.Status, answer.Properties["route"], answer.Properties["variant"]));
        Assert.Equal("""{"model_name":"echo","outputs":[]}""", answer.Text);
    }

    [Fact]
    public async Task Ask_OnlyAServerAndNoneIsKnown_IsRefusedAtOnce()
    {
        await using var device = await StartAsync();
        var answer = await device.AskAsync("echo", Only);
        Assert.Equal(("UNAVAILABLE", "no_server"), (answer.Status, answer.Properties["reason"]));
    }

    [Fact]
    public async Task Ask_ServerIsSlow_OnlyWhatIsUrgentIsRisked()
    {
        await using var device = await StartAsync();
        Beacon(device, waitMicroseconds: 600_000);
        (string, string) time = ("deadline-ms", "1300"), only = ("offload", "only");
        Assert.Equal("no_server", (await device.AskAsync("echo", Only with { Properties = [time, only] })).Properties["reason"]);
        device.Send("echo", Only with { Properties = [time, only, ("priority", "9")] });
        await ToServerAsync(device);
    }

    [Fact]
    public async Task Ask_Never_IsAnsweredHere()
    {
        await using var device = await StartAsync();
        Beacon(device);
        var answer = await device.AskAsync("echo", Only with { Properties = [("deadline-ms", "5000"), ("offload", "never")] });
        Assert.Equal("local", answer.Properties["route"]);
    }

    [Fact]
    public async Task Ask_QualityThatOnlyTheServerHas_IsAnsweredByIt()
    {
        await using var device = await StartAsync();
        Beacon(device, quality: 1.5);
        device.Send("echo", Only with { Properties = [("deadline-ms", "5000")] });
        var sent = await ToServerAsync(device); // with a fallback: the server's answer is worth more
        Answer(device, sent, "UNAVAILABLE", """{"error":"shutting down"}""");
        var answer = await AnswerAsync(device);
        Assert.Equal(("OK", "local"), (answer.Status, answer.Properties["route"]));
    }

    // The last moment is some milliseconds before the deadline: a machine that stands still for that long misses it, but not three times.
    [Fact]
    public async Task Ask_ServerIsSilent_IsAnsweredHereInTime()
    {
        const int Attempts = 3;
        for (int attempt = 1; !await IsAnsweredHereAsync(); attempt++) Assert.NotEqual(Attempts, attempt);
    }

    private static async Task<bool> IsAnsweredHereAsync()
    {
        await using var device = await StartAsync();
        Beacon(device, quality: 1.5);
        device.Send("echo", Only with { Properties = [("deadline-ms", "700")] });
        var sent = await ToServerAsync(device);
        var answer = await AnswerAsync(device);
        Assert.Equal("local", answer.Properties["route"]);
        Assert.Equal(sent.CorrelationData, (await GivenUpAsync(device)).Payload); // or the server would work on in vain
        return answer.Status == "OK";
    }

    [Fact]
    public async Task Beacon_ServerIsGone_WhatItHadIsAnsweredHereOrRefused()
    {
        await using var device = await StartAsync();
        Beacon(device, quality: 1.5);
        device.Send("echo", Only with { Properties = [("deadline-ms", "60000")] });
        await ToServerAsync(device);
        Beacon(device, LoadBeacon.Offline);
        Assert.Equal("local", (await AnswerAsync(device)).Properties["route"]);
        Assert.Contains($"server '{Server}' is not asked for a while", device.Log, StringComparison.Ordinal);
        Beacon(device);
        Assert.Equal((0, 1, 0), device.Metrics.Offload!() is var gauges ? (gauges.Asked, gauges.Avoided, gauges.InFlight) : default);
    }

    [Fact]
    public async Task Ask_OnlyAServerThatWasGone_TriesItOnceItIsBack()
    {
        await using var device = await StartAsync();
        Beacon(device);
        Beacon(device, LoadBeacon.Offline);
        Beacon(device);
        Assert.Equal("UNAVAILABLE", (await device.AskAsync("echo", Only)).Status); // not yet
        await Task.Delay(TimeSpan.FromSeconds(0.7), TestContext.Current.CancellationToken);
        device.Send("echo", Only);
        Answer(device, await ToServerAsync(device), "OK", """{"outputs":[]}""");
        await device.WaitForAsync(message => message.Properties.GetValueOrDefault("route") == "offload");
    }

    [Fact]
    public async Task Cancel_RequestThatTriesAServer_LeavesItToTheNext()
    {
        await using var device = await StartAsync();
        Beacon(device);
        Beacon(device, LoadBeacon.Offline);
        Beacon(device);
        await Task.Delay(TimeSpan.FromSeconds(0.7), TestContext.Current.CancellationToken);
        var correlation = device.Send("echo", Only);
        await ToServerAsync(device);
        device.Cancel(correlation);
        Beacon(device); // the first is old by now
        device.Send("echo", Only);
        Answer(device, await device.WaitForAsync(message => message.Topic.Contains("/infer/echo/", StringComparison.Ordinal) && device.Link.Sent.Count(sent => sent.Topic == message.Topic) == 2), "OK", """{"outputs":[]}""");
        await device.WaitForAsync(message => message.Properties.GetValueOrDefault("route") == "offload");
    }

    [Fact]
    public async Task Answer_ComesTwiceOrLate_IsNobodys()
    {
        await using var device = await StartAsync();
        Beacon(device);
        device.Send("echo", Only);
        var sent = await ToServerAsync(device);
        Answer(device, sent, "OK", """{"outputs":[]}""");
        Answer(device, sent, "OK", """{"outputs":[]}""");
        await device.AskAsync("echo", Only with { Properties = [("deadline-ms", "5000"), ("offload", "never")] });
        Assert.Single(device.Link.Sent, message => message.Properties.GetValueOrDefault("route") == "offload");
        Assert.DoesNotContain(device.Link.Sent, IsGivenUp);
    }

    [Fact]
    public async Task Cancel_RequestThatWaitsForAServer_IsAnsweredSo()
    {
        await using var device = await StartAsync();
        Beacon(device);
        var correlation = device.Send("echo", Only);
        var sent = await ToServerAsync(device);
        device.Cancel(correlation);
        Assert.Equal("CANCELLED", (await AnswerAsync(device)).Status);
        Assert.Equal(sent.CorrelationData, (await GivenUpAsync(device)).Payload);
    }

    [Theory]
    [InlineData("""{"outputs":[]}""", "OK", "text/plain")]
    [InlineData("""{"outputs":[]}""", "FINE", "application/json")]
    [InlineData("", "", "")]
    public async Task Answer_IsNone_IsAFailure(string payload, string status, string contentType)
    {
        await using var device = await StartAsync();
        Beacon(device);
        device.Send("echo", Only);
        Answer(device, await ToServerAsync(device), status, payload, contentType);
        Assert.Equal("INTERNAL", (await AnswerAsync(device)).Status);
    }

    private static Task<TestDevice> StartAsync() => new TestDevice { Offload = new OffloadSettings() }.With("echo", TestModels.Identity()).StartAsync();

    private static void Beacon(TestDevice device, string state = LoadBeacon.Online, double quality = 1, long waitMicroseconds = 0) => device.Link.Deliver(new MqttPublication(
        Encoding.UTF8.GetBytes(Topics.Of(TopicKind.ServerState, TestDevice.Fleet, Server)),
        BeaconDocument.Write(new LoadBeacon { Server = Server, State = state, Boot = "b", Models = [new ModelLoad("echo", "1.0.0", quality, [.. Enumerable.Repeat(waitMicroseconds, 10)], 1000, 0)] }).Span));

    private static Task<SentMessage> ToServerAsync(TestDevice device) =>
        device.WaitForAsync(message => message.Topic == Topics.ServerInfer(TestDevice.Fleet, Server, "echo", TestDevice.Device));

    private static Task<SentMessage> GivenUpAsync(TestDevice device) => device.WaitForAsync(IsGivenUp);

    private static bool IsGivenUp(SentMessage message) => message.Topic == Topics.ServerCancel(TestDevice.Fleet, Server, TestDevice.Device);

    private static Task<SentMessage> AnswerAsync(TestDevice device) =>
        device.WaitForAsync(message => message.Topic.StartsWith($"edge/v1/{TestDevice.Fleet}/c/", StringComparison.Ordinal));

    private static void Answer(TestDevice device, SentMessage request, string status, string payload, string contentType = "application/json") =>
        device.Link.Deliver(new MqttPublication(Encoding.UTF8.GetBytes(request.ResponseTopic), Encoding.UTF8.GetBytes(payload))
        {
            CorrelationData = request.CorrelationData,
            ContentType = Encoding.UTF8.GetBytes(contentType),
            UserProperties = new MqttUserProperties().Add("status", status).Add("variant", "fp32").Add("model-version", "1.0.0").Add("queue-us"u8, 10).Add("compute-us"u8, 20),
        });
}
