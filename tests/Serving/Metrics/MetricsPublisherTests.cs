using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Links;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

public sealed partial class MetricsPublisherTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();

    [Fact]
    public void Next_AfterRequests_TellsTotalsAndRatesOfTheWindow()
    {
        var metrics = Recorded.Everything(time: _time);
        using var report = new MetricsReport(metrics, "dev-1", "b007", _time);
        Next(report);
        var series = metrics.Model("ocr").Series("int8", "local", "1.0.0");
        for (int i = 0; i < 100; i++) series.Request(RefusalReason.None, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9), TimeSpan.FromMilliseconds(10));
        for (int i = 0; i < 50; i++) metrics.Model("ocr").Batch(2);
        var model = Model(Next(report));
        Assert.Equal((102, 1, 1, 0), (Number(model, "ok"), Number(model, "refused"), Number(model, "late"), Number(model, "failed")));
        Assert.Equal((20, 20, 2, 7), (Number(model, "okPerSecond"), Number(model, "perSecond"), Number(model, "batch"), Number(model, "queue")));
        Assert.InRange(Number(model.GetProperty("computeUs"), "p50"), 8000, 10_000);
        Assert.InRange(Number(model.GetProperty("totalUs"), "p99"), 8000, 10_000);
    }

    [Fact]
    public void Next_IdleWindow_HasRatesOfZeroAndNoQuantiles()
    {
        using var report = new MetricsReport(Recorded.Everything(time: _time), "dev-1", "b007", _time);
        Next(report);
        var model = Model(Next(report));
        Assert.Equal((2, 0), (Number(model, "ok"), Number(model, "okPerSecond")));
        Assert.False(model.TryGetProperty("totalUs", out _));
    }

    [Fact]
    public void Next_Document_IsSmallAndAsDocumented()
    {
        using var report = new MetricsReport(Recorded.Everything(time: _time), "dev-1", "b007", _time);
        var document = Next(report);
        Assert.InRange(document.GetRawText().Length, 200, 1024);
        var text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "formats", "device.md"));
        using var example = JsonDocument.Parse(Example().Match(text).Groups[1].Value);
        Assert.Equal(Paths(document, ""), Paths(example.RootElement, ""));
    }

    [Fact]
    public async Task Run_Connected_PublishesEveryIntervalAndKeepsNothingOnTheBroker()
    {
        await using var link = Link();
        await link.ConnectAsync(TestContext.Current.CancellationToken);
        await PublishAsync(link, 3);
        Assert.Equal(3, link.Sent.Count);
        var sent = link.Sent[0];
        Assert.Equal(("edge/v1/lab/d/dev-1/metrics", "application/json", MqttQos.AtMostOnce, false, Interval * 3), (sent.Topic, sent.ContentType, sent.Qos, sent.Retain, sent.Expiry));
    }

    [Fact]
    public async Task Run_Disconnected_PublishesNothingAndGoesOn()
    {
        await using var link = Link();
        await PublishAsync(link, 3);
        Assert.Empty(link.Sent);
    }

    [Fact]
    public async Task Device_Serving_TellsOfItsRequests()
    {
        await using var device = await new TestDevice { Telemetry = new MetricsSettings { Interval = TimeSpan.FromMilliseconds(100) } }.With("echo", TestModels.Identity()).StartAsync();
        await device.AskAsync("echo", TestRequest.Floats("x", [1, 2], 0.5f, -1));
        await device.AskAsync("nobody", TestRequest.Floats("x", [1, 2], 0.5f, -1));
        await device.WaitForAsync(sent => sent.Topic.EndsWith("/metrics", StringComparison.Ordinal) && sent.Text.Contains("\"ok\":1", StringComparison.Ordinal));
        Assert.Equal(1, device.Metrics.Unknown.Refusals[RefusalReason.UnknownModel]);
        var families = Exposition.Parse(Recorded.TextOf(device.Metrics)).ToDictionary(family => family.Name);
        Assert.Equal(1, families["edge_runtime_model_state"].Samples.Single(sample => sample.Labels["state"] == "ready").Value);
        Assert.Equal("1.0.0", Assert.Single(families["edge_runtime_model_info"].Samples).Labels["version"]);
        Assert.DoesNotContain("nobody", Recorded.TextOf(device.Metrics), StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{TestDevice.Client}\"", Recorded.TextOf(device.Metrics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_PublishingOff_TellsNothing()
    {
        await using var device = await new TestDevice { Telemetry = new MetricsSettings { Publish = false, Interval = TimeSpan.FromMilliseconds(100) } }.With("echo", TestModels.Identity()).StartAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(device.Link.Sent, sent => sent.Topic.EndsWith("/metrics", StringComparison.Ordinal));
    }

    private async Task PublishAsync(InMemoryLink link, int times)
    {
        using var report = new MetricsReport(Recorded.Everything(time: _time), "dev-1", "b007", _time);
        using var stop = new CancellationTokenSource();
        var publisher = new MetricsPublisher(report, link, "edge/v1/lab/d/dev-1/metrics", Interval, _time);
        var running = publisher.RunAsync(stop.Token);
        for (int i = 0; i < times; i++)
        {
            Assert.Equal(Interval, await _time.NextTimerAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            _time.Advance(Interval);
        }
        await _time.NextTimerAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private JsonElement Next(MetricsReport report)
    {
        _time.Advance(Interval);
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(report.Next()));
        return document.RootElement.Clone();
    }

    private InMemoryLink Link() => new(new MqttLinkOptions { Host = "unused", ClientId = "dev-1" }, static message => message.Dispose(), _time);

    private static JsonElement Model(JsonElement document) => document.GetProperty("models")[0];

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    private static List<string> Paths(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => [.. json.EnumerateObject().SelectMany(member => Paths(member.Value, $"{path}.{member.Name}"))],
        JsonValueKind.Array => [.. json.EnumerateArray().SelectMany(item => Paths(item, path + "[]")).Distinct()],
        _ => [$"{path}: {json.ValueKind}"],
    };

    [GeneratedRegex(@"^## Metrics$.*?```json\n(.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
