using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Http;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>What no client library would send: malformed, smuggled, oversized, slow, cut off. The server answers or hangs up, keeps nothing, and serves the next.</summary>
public sealed class HttpRawTests
{
    private const string Head = "POST /v2/models/m/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static readonly string Good = $"{Head}Content-Length: {HttpTestServer.Json.Length}\r\n\r\n{HttpTestServer.Json}";

    public static TheoryData<string, int[]> Malformed => new()
    {
        { "\0\0\0\0\r\n\r\n", [400] },
        { "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1\u0003\u0003\r\n\r\n", [400] }, // a TLS greeting
        { "GET\r\n\r\n", [400] },
        { "GET /v2 HTTP/9.9\r\nHost: localhost\r\n\r\n", [400, 505] },
        { "GET /v2 HTTP/1.1\r\n\r\n", [400] },
        { "GET /v2 HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", [400] },
        { "GET /v2 HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", [400] },
        { "GET /v2 HTTP/1.1\r\nHost: localhost\r\nname : value\r\n\r\n", [400] },
        { "GET /v2 HTTP/1.1\r\nHost: localhost\r\n folded: value\r\n\r\n", [400] },
        { "GET /v2 HTTP/1.1\r\nHost: localhost\r\nx: a\0b\r\n\r\n", [400] },
        { "GET /v2/../metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", [404] },
        { "GET /v2/models/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", [404] },
        { "GET /v2/models/m%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", [400, 404] },
        { "GET /v2/models/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", [400, 404] },
        { "GET /v2/models/\u00ff HTTP/1.1\r\nHost: localhost\r\n\r\n", [400, 404] },
        { "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n", [404, 400] },
        { "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", [404, 400] },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [0, 400, 505] },
        { Head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}", [400] },
        { Head + "Content-Length: 5, 6\r\n\r\n{}{}{}", [400] },
        { Head + "Content-Length: -1\r\n\r\n", [400] },
        { Head + "Content-Length: 0x10\r\n\r\n{}", [400] },
        { Head + "Content-Length: 99999999999999999999\r\n\r\n{}", [400] },
        { Head + "Transfer-Encoding: gzip\r\n\r\n{}", [400, 411, 501] },
        { Head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", [400, 501] },
        { Head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", [400] },
        { Head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", [0, 400, 413] },
        { Head + "\r\n{}", [400, 411] },
        { $"GET /{new string('a', 5000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", [414, 400] },
        { $"GET /v2 HTTP/1.1\r\nHost: localhost\r\nx: {new string('a', 20_000)}\r\n\r\n", [431] },
        { $"GET /v2 HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"x{i}: 1\r\n"))}\r\n", [431] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Request_Malformed_IsRefused_AndTheNextIsServed(string request, int[] codes)
    {
        await using var server = await HttpTestServer.StartAsync();
        var response = await RawClient.AskAsync(server.EndPoint, request);
        Assert.Contains(response.Code, codes);
        Assert.Equal(200, (await RawClient.AskAsync(server.EndPoint, Good)).Code);
        Assert.DoesNotContain("failed unexpectedly", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LengthAndChunked_TheSecondRequestInTheBody_IsNotAnswered()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint);
        await client.SendAsync($"{Head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(400, (await client.ReadAsync()).Code);
        Assert.Equal(0, (await client.ReadAsync()).Code); // and the connection is closed
    }

    [Fact]
    public async Task Wish_GivenTwice_IsRefused()
    {
        await using var server = await HttpTestServer.StartAsync();
        var response = await RawClient.AskAsync(server.EndPoint, $"{Head}priority: 1\r\npriority: 2\r\nContent-Length: 2\r\n\r\n{{}}");
        Assert.Equal((400, """{"error":"header 'priority' is given twice"}"""), (response.Code, response.Body));
    }

    [Fact]
    public async Task Pipelined_AllAreAnsweredInOrder()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint);
        await client.SendAsync(string.Concat(Enumerable.Range(0, 20).Select(i => Good.Replace("\"7\"", $"\"{(char)('a' + i)}\"", StringComparison.Ordinal))));
        for (int i = 0; i < 20; i++) Assert.Contains($"\"id\":\"{(char)('a' + i)}\"", (await client.ReadAsync()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunked_ByteByByte_IsReadWhole()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint);
        await client.SendAsync($"{Head}Transfer-Encoding: chunked\r\n\r\n");
        foreach (char symbol in HttpTestServer.Json) await client.SendAsync($"1\r\n{symbol}\r\n");
        await client.SendAsync("0\r\n\r\n");
        Assert.Equal(200, (await client.ReadAsync()).Code);
    }

    [Theory]
    [InlineData("Content-Length: 5000\r\n\r\n", 413)]
    [InlineData("Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n", 413)]
    public async Task Body_AnnouncedTooLarge_IsRefusedUnread(string rest, int code)
    {
        await using var server = await HttpTestServer.StartAsync(limits: Small);
        var response = await RawClient.AskAsync(server.EndPoint, Head + rest);
        Assert.Equal((code, """{"error":"the body is over the limit of 2048 bytes (limits.payloadBytes)"}"""), (response.Code, response.Body));
    }

    [Fact]
    public async Task Body_ChunkedAndTooLarge_IsRefused()
    {
        await using var server = await HttpTestServer.StartAsync(limits: Small);
        var response = await RawClient.AskAsync(server.EndPoint, $"{Head}Transfer-Encoding: chunked\r\n\r\n1000\r\n{new string('x', 0x1000)}\r\n0\r\n\r\n");
        Assert.Equal(413, response.Code);
        Assert.StartsWith("{\"error\":", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_NotThereByTheDeadline_Is504_AndItsMemoryIsFree()
    {
        await using var server = await HttpTestServer.StartAsync();
        var response = await RawClient.AskAsync(server.EndPoint, $"{Head}deadline-ms: 300\r\nContent-Length: 1000000\r\n\r\n{new string(' ', 50_000)}");
        Assert.Equal(504, response.Code);
        await UntilAsync(() => server.Front.Budget.Used == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Body_ComesAfterTheDeadline_TheConnectionServesTheNextRequest(int deadline)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint);
        for (int i = 0; i < 20; i++)
        {
            await client.SendAsync($"{Head}deadline-ms: {deadline}\r\nContent-Length: {HttpTestServer.Json.Length}\r\n\r\n");
            var late = await client.ReadAsync();
            Assert.Equal(504, late.Code);
            await client.SendAsync(HttpTestServer.Json);
            await client.SendAsync(Good);
            Assert.Equal(200, (await client.ReadAsync()).Code);
        }
    }

    [Fact]
    public async Task Body_CompleteAtTheDeadline_EveryRequestIsAnswered()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint);
        for (int i = 0; i < 400; i++)
        {
            await client.SendAsync($"{Head}deadline-ms: {1 + (i % 3)}\r\nContent-Length: {HttpTestServer.Json.Length}\r\n\r\n");
            await Task.Delay(i % 4, TestContext.Current.CancellationToken);
            await client.SendAsync(HttpTestServer.Json);
            Assert.Contains((await client.ReadAsync()).Code, (int[])[200, 504]);
        }
    }

    [Fact]
    public async Task Bodies_BeyondTheBudget_AreRefused_AndThoseOfOthersServed()
    {
        await using var server = await HttpTestServer.StartAsync(limits: new LimitSettings { QueueBytes = new ByteCount(256 << 10), PayloadBytes = new ByteCount(128 << 10) });
        var clients = new List<RawClient>();
        for (int i = 0; i < 12; i++) clients.Add(await RawClient.ConnectAsync(server.EndPoint));
        foreach (var client in clients) await client.SendAsync($"{Head}deadline-ms: 2000\r\nContent-Length: 131072\r\n\r\n{new string(' ', 60_000)}");
        var codes = await Task.WhenAll(clients.Select(client => client.ReadAsync()));
        Assert.Contains(429, codes.Select(response => response.Code));
        Assert.All(codes, response => Assert.Contains(response.Code, (int[])[429, 504]));
        clients.ForEach(client => client.Dispose());
        await UntilAsync(() => server.Front.Budget.Used == 0);
        Assert.Equal(200, (await RawClient.AskAsync(server.EndPoint, Good)).Code);
    }

    [Fact]
    public async Task SlowClients_HoldNoWorker()
    {
        await using var server = await HttpTestServer.StartAsync();
        var slow = new List<RawClient>();
        for (int i = 0; i < 20; i++) slow.Add(await RawClient.ConnectAsync(server.EndPoint));
        for (int i = 0; i < 20; i++) await slow[i].SendAsync(i % 2 == 0 ? Good[..^10] : Good[..40]);
        for (int i = 0; i < 10; i++) Assert.Equal(200, (await RawClient.AskAsync(server.EndPoint, Good, TimeSpan.FromSeconds(5))).Code);
        Assert.Equal(0, server.Admitted.Active);
        slow.ForEach(client => client.Dispose());
        await UntilAsync(() => server.Front.Connections == 0 && server.Front.Budget.Used == 0);
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosed_AndServedAgainOnceThereIsRoom()
    {
        await using var server = await HttpTestServer.StartAsync(new HttpSettings { Connections = 4 });
        var held = new List<RawClient>();
        for (int i = 0; i < 4; i++) held.Add(await RawClient.ConnectAsync(server.EndPoint));
        await UntilAsync(() => server.Front.Connections == 4);
        Assert.Equal(0, (await RawClient.AskAsync(server.EndPoint, Good)).Code);
        held.ForEach(client => client.Dispose());
        await UntilAsync(() => server.Front.Connections == 0);
        Assert.Equal(200, (await RawClient.AskAsync(server.EndPoint, Good)).Code);
    }

    [Fact]
    public async Task Client_DisconnectsWhileItsRequestWaits_TheRequestIsCancelled()
    {
        var cancelled = new TaskCompletionSource<(string, byte[])>();
        await using var server = await HttpTestServer.StartAsync(works: false, hooks: new HttpHooks
        {
            Cancel = (client, correlation) => cancelled.TrySetResult((Encoding.ASCII.GetString(client), correlation.ToArray())),
        });
        using (var client = await RawClient.ConnectAsync(server.EndPoint))
        {
            await client.SendAsync(Good);
            await UntilAsync(() => server.Admitted.Active == 1);
        }
        var (name, correlation) = await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(server.Lane.TryTake(out var pending));
        Assert.Equal(name, Encoding.ASCII.GetString(pending.Incoming.Client));
        Assert.Equal(correlation, pending.Incoming.Correlation.ToArray());
        pending.End();
        await UntilAsync(() => server.Front.Connections == 0 && server.Front.Budget.Used == 0);
    }

    [Fact]
    public async Task Request_EndedWithoutAnAnswer_Is500()
    {
        await using var server = await HttpTestServer.StartAsync(works: false);
        var asked = RawClient.AskAsync(server.EndPoint, Good);
        await UntilAsync(() => server.Admitted.Active == 1);
        Assert.True(server.Lane.TryTake(out var pending));
        pending.End();
        Assert.Equal(500, (await asked).Code);
    }

    [Fact]
    public async Task GateClosed_TheRefusalIsTheConnectionsLast()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.EndPoint);
        await client.SendAsync(Good);
        Assert.Equal(200, (await client.ReadAsync()).Code);
        server.CloseGate();
        await client.SendAsync(Good);
        var refused = await client.ReadAsync();
        Assert.Equal((503, """{"error":"device 'dev-1' is shutting down"}"""), (refused.Code, refused.Body));
        Assert.Contains("Connection: close", refused.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (await client.ReadAsync()).Code);
    }

    [Fact]
    public async Task Queue_Full_Is429WithRetryAfter()
    {
        await using var server = await HttpTestServer.StartAsync(works: false, limits: new LimitSettings { QueueMessages = 1 });
        using var first = await RawClient.ConnectAsync(server.EndPoint);
        await first.SendAsync(Good);
        await UntilAsync(() => server.Admitted.Active == 1);
        var refused = await RawClient.AskAsync(server.EndPoint, Good);
        Assert.Equal(429, refused.Code);
        Assert.Contains("Retry-After: 1", refused.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("retry-after-ms: ", refused.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, server.Count(InferenceStatus.ResourceExhausted));
        Assert.True(server.Lane.TryTake(out var pending));
        pending.End();
        Assert.Equal(500, (await first.ReadAsync()).Code);
    }

    internal static async Task UntilAsync(Func<bool> isIt)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isIt()) await Task.Delay(10, late.Token);
    }

    private static LimitSettings Small => new() { PayloadBytes = new ByteCount(2048) };
}
