using System.Net;
using System.Net.Sockets;

namespace EdgeRuntime.TestKit.Brokers;

/// <summary>
/// A TCP relay on a loopback port between a client and a broker, for what networks do: <see cref="HoldAnswers"/> keeps back what the broker
/// says, <see cref="Cut"/> breaks all connections and loses what was kept back.
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private TaskCompletionSource _flowing = Flowing();

    /// <param name="brokerPort">To where.</param>
    /// <param name="port">Its own, which another relay had before; 0 for any.</param>
    public TcpRelay(int brokerPort, int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(brokerPort);
    }

    public int Port { get; }

    public void HoldAnswers()
    {
        lock (_lock) _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void ReleaseAnswers()
    {
        lock (_lock) _flowing.TrySetResult();
    }

    /// <summary>Breaks all connections; new ones flow freely.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
            _flowing = Flowing();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _ended.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private async Task AcceptAsync(int brokerPort)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ended.Token);
                var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                lock (_lock) _sockets.AddRange([client, broker]);
                _ = RelayAsync(client, broker, brokerPort);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The relay is disposed.
        }
    }

    private async Task RelayAsync(Socket client, Socket broker, int brokerPort)
    {
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, brokerPort, _ended.Token);
            await Task.WhenAny(CopyAsync(client, broker, hold: false), CopyAsync(broker, client, hold: true));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As broken for the other side.
        }
        client.Dispose();
        broker.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, bool hold)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _ended.Token) is var bytes && bytes > 0)
            {
                if (hold) await Gate().WaitAsync(_ended.Token);
                for (var sent = 0; sent < bytes;) sent += await to.SendAsync(buffer.AsMemory(sent, bytes - sent), _ended.Token);
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }

    private Task Gate()
    {
        lock (_lock) return _flowing.Task;
    }
}
