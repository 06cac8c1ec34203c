using System.Security.Authentication;
using EdgeRuntime.Serving.Responses;
using Microsoft.AspNetCore.Connections;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// Greets each connection: makes it TLS where that is configured, and gives it its client's name. On loopback nobody says who he is, so each
/// connection is a client of its own: one that floods takes its own quota.
/// </summary>
internal sealed class HttpConnections(TlsDoor? tls, int perClient, ByteBudget budget, ResponseCounters counters, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private long _number;

    /// <summary>Connections that are open now.</summary>
    public int Open
    {
        get { lock (_gate) return _open.Values.Sum(); }
    }

    public ConnectionDelegate Greet(ConnectionDelegate next) => connection => tls is null
        ? ServeAsync(connection, $"http-{Interlocked.Increment(ref _number)}", next)
        : GreetTlsAsync(connection, tls, next);

    private async Task GreetTlsAsync(ConnectionContext connection, TlsDoor door, ConnectionDelegate next)
    {
        try
        {
            await door.PassAsync(connection, client => ServeAsync(connection, client, next)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException)
        {
            connection.Abort(); // no handshake, or the wrong certificate: TLS has told the client
        }
    }

    private async Task ServeAsync(ConnectionContext connection, string client, ConnectionDelegate next)
    {
        if (!TryOpen(client))
        {
            connection.Abort();
            return;
        }
        try
        {
            using var state = new HttpConnection(client, Interlocked.Increment(ref _number), tls is not null, budget, counters, time);
            connection.Features.Set(state);
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Close(client);
        }
    }

    private bool TryOpen(string client)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(client);
            if (open >= perClient) return false;
            _open[client] = open + 1;
            return true;
        }
    }

    private void Close(string client)
    {
        lock (_gate)
        {
            if (--_open[client] == 0) _open.Remove(client);
        }
    }
}
