using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Tracing;

/// <summary>A server on loopback that takes HTTP requests as a collector does and answers what it is told to. One connection at a time.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _serving;

    /// <param name="answer">Gives what is sent back, by the number of the request; null to say nothing and keep the connection.</param>
    public Collector(Func<int, string?> answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Heads and bodies of the requests so far.</summary>
    public ConcurrentQueue<(string Head, string Body)> Requests { get; } = new();

    public static string Answer(int status, string more = "") => $"HTTP/1.1 {status} x\r\nContent-Length: 2\r\n{more}\r\n{{}}";

    public async Task WaitAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "no request came");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<int, string?> answer)
    {
        try
        {
            for (int number = 0; ; number++)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream(), answer(number));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(NetworkStream stream, string? answer)
    {
        var received = new StringBuilder();
        var buffer = new byte[64 << 10];
        while (!IsWhole(received.ToString()))
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) return;
            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        var parts = received.ToString().Split("\r\n\r\n", 2);
        Requests.Enqueue((parts[0], parts[1]));
        _arrived.Release();
        if (answer is null) await Task.Delay(Timeout.Infinite, _stop.Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer!), _stop.Token);
    }

    private static bool IsWhole(string text)
    {
        var parts = text.Split("\r\n\r\n", 2);
        const string Length = "Content-Length: ";
        return parts.Length == 2 && parts[1].Length >= int.Parse(parts[0].Split("\r\n").Single(line => line.StartsWith(Length, StringComparison.Ordinal))[Length.Length..]);
    }
}
