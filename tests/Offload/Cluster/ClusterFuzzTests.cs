using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster;

/// <summary>Whatever bytes a server sends, every call ends in an outcome within its budget, and none of them is taken for an answer by chance.</summary>
public sealed class ClusterFuzzTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    private static bool Full => Environment.GetEnvironmentVariable("EDGE_FULL") == "1";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Http_MutatedAnswers_EndInAnOutcome(int seed)
    {
        var random = new Random(seed);
        await using var server = new RawServer(connection => Mutate(random, Encoding.Latin1.GetBytes(Answer(random)), connection));
        using var client = ClusterClients.Open(new ClusterOptions { Url = server.Url, Encoding = ClusterEncoding.Binary }, TimeProvider.System);
        await CallAsync(client, seed, Full ? 20_000 : 400);
    }

    [Fact]
    public async Task Grpc_RandomAndMutatedFrames_EndInAnOutcome()
    {
        var random = new Random(3);
        await using var server = new RawServer(connection => Mutate(random, Http2(random), connection));
        using var client = ClusterClients.Open(new ClusterOptions { Url = server.Url, Protocol = ClusterProtocol.Grpc }, TimeProvider.System);
        await CallAsync(client, 3, Full ? 10_000 : 200);
    }

    private static async Task CallAsync(IClusterClient client, int seed, int cases)
    {
        var exchange = new ClusterExchange();
        for (var i = 0; i < cases; i++)
        {
            var outcome = await client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), exchange, Budget, TestContext.Current.CancellationToken);
            Assert.True(outcome.Fault is ClusterFault.None or ClusterFault.Refused or ClusterFault.Unreachable or ClusterFault.BadAnswer, $"seed {seed}, case {i}: {outcome}");
            Assert.InRange(outcome.Message.Length, outcome.IsOk ? 0 : 20, 1200);
            if (outcome.IsOk) Assert.Equal("echo", Encoding.UTF8.GetString(exchange.Response.ModelName));
            var (described, metadata) = i % 8 == 0 ? await client.ModelMetadataAsync(new ClusterModel(ServedModels.Echo), Budget, TestContext.Current.CancellationToken) : default;
            Assert.True(metadata is null || described.IsOk);
        }
    }

    private static string Answer(Random random)
    {
        const string Head = """{"model_name":"echo","outputs":[{"name":"y","datatype":"FP32","shape":[1,1],"parameters":{"binary_data_size":4}}]}""";
        var code = random.Next(4) == 0 ? random.Next(100, 600) : 200;
        var length = random.Next(4) == 0 ? random.Next(-1, 200) : Head.Length;
        var extra = random.Next(4) == 0 ? "Retry-After: 1\r\nTransfer-Encoding: chunked\r\n" : random.Next(3) == 0 ? "" : $"Content-Length: {Head.Length + 4}\r\n";
        return $"HTTP/1.1 {code} X\r\nInference-Header-Content-Length: {length}\r\n{extra}Connection: close\r\n\r\n{Head}\0\0\0\0";
    }

    // Settings, the acknowledgement of ours, then headers (status 200 by HPACK's static table) and data on stream 1.
    private static byte[] Http2(Random random)
    {
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0], headers = [0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88];
        var data = new byte[random.Next(40)];
        random.NextBytes(data);
        return [.. settings, .. headers, 0, 0, (byte)data.Length, 0, (byte)random.Next(2), 0, 0, 0, 1, .. data];
    }

    private static byte[] Mutate(Random random, byte[] bytes, int connection)
    {
        if (connection % 16 == 0) return bytes;
        for (var i = random.Next(4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    /// <summary>Answers each connection's first bytes with what it is told to, and closes.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public RawServer(Func<int, byte[]> answer)
        {
            _listener.Start();
            _serving = ServeAsync(answer);
        }

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Dispose();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task ServeAsync(Func<int, byte[]> answer)
        {
            var buffer = new byte[64 << 10];
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                using var connection = await _listener.AcceptSocketAsync(_stop.Token);
                try
                {
                    await connection.ReceiveAsync(buffer, _stop.Token);
                    await connection.SendAsync(answer(i), _stop.Token);
                    connection.Shutdown(SocketShutdown.Send);
                    using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
                    while (await connection.ReceiveAsync(buffer, late.Token) > 0) { }
                }
                catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !_stop.IsCancellationRequested))
                {
                    // The client has closed, or has nothing more to say.
                }
            }
        }
    }
}
