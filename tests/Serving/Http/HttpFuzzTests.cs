using System.Text;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>Requests changed at random places, from a fixed seed: each is answered or hung up on, and the server serves on.</summary>
public sealed class HttpFuzzTests
{
    private const int Seed = 20261127;

    private static readonly string[] Corpus =
    [
        $"POST /v2/models/m/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\ndeadline-ms: 1000\r\nContent-Length: {HttpTestServer.Json.Length}\r\n\r\n{HttpTestServer.Json}",
        "POST /v2/models/m/versions/1.0.0/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nInference-Header-Content-Length: 2\r\ndeadline-ms: 1000\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "GET /v2/models/m HTTP/1.1\r\nHost: [::1]:80\r\nAccept: application/json;q=0.5, */*\r\n\r\n",
        "POST /v2/repository/index HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n{\"ready\":true}",
    ];

    [Fact]
    public async Task Requests_ChangedAtRandom_NeverStopTheServer()
    {
        await using var server = await HttpTestServer.StartAsync();
        var random = new Random(Seed);
        int cases = Environment.GetEnvironmentVariable("EDGE_FULL") is null ? 400 : 20_000, answered = 0;
        for (int i = 0; i < cases; i++)
        {
            var request = Change(Encoding.Latin1.GetBytes(Corpus[random.Next(Corpus.Length)]), random);
            using var client = await RawClient.ConnectAsync(server.EndPoint);
            await client.SendAsync(request);
            var response = await AnswerAsync(client);
            if (response.Code != 0) answered++;
            Assert.True(response.Code is 0 or (>= 200 and <= 505) and not 500, $"seed {Seed}, case {i}: {response.Code} {response.Body}");
        }
        Assert.True(answered > cases / 4, $"only {answered} of {cases} were answered");
        Assert.DoesNotContain("failed unexpectedly", server.Log, StringComparison.Ordinal);
        Assert.Equal(200, (await RawClient.AskAsync(server.EndPoint, Corpus[0])).Code);
        await HttpRawTests.UntilAsync(() => server.Admitted.Active == 0 && server.Front.Budget.Used == 0);
    }

    /// <summary>An end of sending makes Kestrel abandon what it has not answered yet, so only a request that stays unanswered is ended.</summary>
    private static async Task<RawResponse> AnswerAsync(RawClient client)
    {
        var reading = client.ReadAsync();
        if (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(50))) != reading) client.Finish();
        return await reading;
    }

    private static byte[] Change(byte[] request, Random random)
    {
        var bytes = request.ToList();
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at))); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at - 1)); break;
            }
            if (bytes.Count == 0) bytes.Add(0);
        }
        return [.. bytes];
    }
}
