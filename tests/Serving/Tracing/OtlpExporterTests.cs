using System.Net.Sockets;
using System.Text.Json;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Tracing;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Tracing;

/// <summary>Exports to a real server on loopback.</summary>
public sealed class OtlpExporterTests : IDisposable
{
    private const int Spans = OtlpJson.MostSpansOfARequest;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly StringWriter _log = new();
    private readonly Tracer _tracer = new(1, new Random(1), TimeProvider.System);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Run_CollectorTakesIt_SpansOfARequestFollowEachOther()
    {
        await using var collector = new Collector(_ => Collector.Answer(200));
        _tracer.Record(null, TracerTests.Answered);
        var exporter = await RunUntilAsync(collector.Address, one => one.Spans.Exported == Spans);
        Assert.Equal((Spans, 0), exporter.Spans);
        var (head, body) = Assert.Single(collector.Requests);
        Assert.StartsWith("POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", head, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(body);
        var resource = document.RootElement.GetProperty("resourceSpans")[0];
        Assert.Equal("edge-runtime", Attribute(resource.GetProperty("resource"), "service.name"));
        Assert.Equal("dev-1", Attribute(resource.GetProperty("resource"), "service.instance.id"));
        var spans = resource.GetProperty("scopeSpans")[0].GetProperty("spans").EnumerateArray().ToList();
        Assert.Equal([("infer ocr", 14), ("receive", 1), ("queue", 2), ("compute", 10), ("respond", 1)], spans.Select(span => (Text(span, "name"), (int)((End(span) - Start(span)) / 1_000_000))));
        Assert.All(spans.Skip(2).Zip(spans.Skip(1)), pair => Assert.Equal(End(pair.Second), Start(pair.First)));
        Assert.All(spans.Skip(1), span => Assert.Equal(Text(spans[0], "spanId"), Text(span, "parentSpanId")));
        Assert.Equal((2, "int8", "OK"), (spans[0].GetProperty("kind").GetInt32(), Attribute(spans[0], "edge.variant"), Attribute(spans[0], "edge.status")));
        Assert.Matches("^[0-9a-f]{32}$", Text(spans[0], "traceId"));
    }

    [Fact]
    public async Task Run_CollectorIsBusyAtFirst_TriesAgain()
    {
        await using var collector = new Collector(number => number == 0 ? Collector.Answer(503, "Retry-After: 0\r\n") : Collector.Answer(200));
        _tracer.Record(null, TracerTests.Answered);
        var exporter = await RunUntilAsync(collector.Address, one => one.Spans.Exported == Spans);
        Assert.Equal(2, collector.Requests.Count);
        Assert.Equal(0, exporter.Spans.Dropped);
        Assert.Contains("it answered 503", _log.ToString(), StringComparison.Ordinal);
        Assert.Contains("the collector takes traces", _log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("HTTP/1.1 307 Elsewhere\r\nLocation: http://example/\r\n\r\n")]
    public async Task Run_CollectorRefuses_DropsAtOnceAndCounts(string answer)
    {
        await using var collector = new Collector(_ => answer);
        _tracer.Record(null, TracerTests.Answered);
        var exporter = await RunUntilAsync(collector.Address, one => one.Spans.Dropped == Spans);
        Assert.Equal(0, exporter.Spans.Exported);
        Assert.Single(collector.Requests);
    }

    // Stopping ends the pauses; the last try is short.
    [Theory]
    [InlineData("")]
    [InlineData("220 smtp.example ESMTP\r\n\r\n")]
    [InlineData(null)]
    public async Task Run_NoAnswer_IsStoppedWithoutDelay(string? answer)
    {
        await using var collector = new Collector(_ => answer);
        _tracer.Record(null, TracerTests.Answered);
        using var stop = new CancellationTokenSource();
        var exporter = Create(collector.Address);
        var running = exporter.RunAsync(stop.Token);
        await collector.WaitAsync();
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal((0, Spans), exporter.Spans);
    }

    [Fact]
    public async Task Run_NobodyListens_IsLoggedOnceAndDoesNotThrow()
    {
        var nowhere = new TcpListener(System.Net.IPAddress.Loopback, 0);
        nowhere.Start();
        var address = new Uri($"http://{nowhere.LocalEndpoint}");
        nowhere.Stop();
        for (int i = 0; i < 3; i++) _tracer.Record(null, TracerTests.Answered);
        await RunUntilAsync(address, _ => _log.ToString().Contains("the collector did not take", StringComparison.Ordinal));
        Assert.Single(_log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, null)]
    [InlineData("HTTP/1.0 503 Busy\r\nRetry-After: 7", 503, 7)]
    [InlineData("HTTP/1.1 429 x\r\nretry-after:999999", 429, 60)]
    [InlineData("HTTP/1.1 429 x\r\nRetry-After: -1", 429, null)]
    [InlineData("HTTP/1.1 429 x\r\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT", 429, null)]
    public void Parse_Answers_AreRead(string head, int status, int? retryAfter)
    {
        var answer = HttpPost.Parse(head);
        Assert.Equal((status, (double?)retryAfter), (answer.Status, answer.RetryAfter?.TotalSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.1 OK")]
    [InlineData("HTTP/1.1 +20 x")]
    [InlineData("HTTP/2 200 OK")]
    [InlineData("HTTP/1.1 2000 OK")]
    public void Parse_Garbage_IsRefused(string head) => Assert.Throws<IOException>(() => HttpPost.Parse(head));

    [Fact]
    public void Parse_RandomBytes_AreAnAnswerOrRefused()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        for (int i = 0; i < 2000; i++)
        {
            var head = "HTTP/1.1 " + new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(256))]);
            var error = Record.Exception(() => HttpPost.Parse(head));
            Assert.True(error is null or IOException, $"seed {Seed}, case {i}: {error}");
        }
    }

    [Fact]
    public async Task Device_RequestWithTraceparent_IsExportedAsPartOfItsTrace()
    {
        await using var collector = new Collector(_ => Collector.Answer(200));
        await using var device = await new TestDevice { Tracing = new TracingSettings { OtlpEndpoint = collector.Address, SampleRatio = 0 } }.With("echo", TestModels.Identity()).StartAsync();
        await device.AskAsync("echo", TestRequest.Floats("x", [1, 2], 0.5f, -1));
        await device.AskAsync("echo", TestRequest.Floats("x", [1, 2], 0.5f, -1) with { Properties = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")] });
        await collector.WaitAsync();
        using var document = JsonDocument.Parse(collector.Requests.Single().Body);
        var spans = document.RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans").EnumerateArray().ToList();
        Assert.Equal(["infer echo", "receive", "queue", "compute", "respond"], spans.Select(span => Text(span, "name")));
        Assert.All(spans, span => Assert.Equal("0af7651916cd43dd8448eb211c80319c", Text(span, "traceId")));
        Assert.Equal("b7ad6b7169203331", Text(spans[0], "parentSpanId"));
    }

    private async Task<OtlpExporter> RunUntilAsync(Uri address, Func<OtlpExporter, bool> isDone)
    {
        using var stop = new CancellationTokenSource();
        var exporter = Create(address);
        var running = exporter.RunAsync(stop.Token);
        for (int i = 0; i < Patience.TotalMilliseconds / 20 && !isDone(exporter); i++) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.True(isDone(exporter), $"exported and dropped: {exporter.Spans}; log: {_log}");
        await stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return exporter;
    }

    private OtlpExporter Create(Uri address) => new(_tracer, address, new OtlpJson("dev-1", "lab", "0.1.0", _tracer.Ids),
        new EventLog(TextWriter.Synchronized(_log), LogLevel.Info, json: false, TimeProvider.System), new Random(2), TimeProvider.System);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static long Start(JsonElement span) => long.Parse(Text(span, "startTimeUnixNano"));

    private static long End(JsonElement span) => long.Parse(Text(span, "endTimeUnixNano"));

    private static string Attribute(JsonElement json, string key) =>
        json.GetProperty("attributes").EnumerateArray().Single(attribute => Text(attribute, "key") == key).GetProperty("value").GetProperty("stringValue").GetString()!;
}
