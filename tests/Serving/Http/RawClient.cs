using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>A socket that sends what a test says and reads responses as bytes: no client library puts anything right.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _unread = [];

    public static async Task<RawClient> ConnectAsync(IPEndPoint address)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(address);
        return client;
    }

    /// <summary>One request and its response.</summary>
    public static async Task<RawResponse> AskAsync(IPEndPoint address, string request, TimeSpan? patience = null)
    {
        using var client = await ConnectAsync(address);
        await client.SendAsync(request);
        return await client.ReadAsync(patience);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // the server has had enough of it; what it said is still to be read
        }
    }

    /// <summary>Ends the sending side, as a half-open client does.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next response; code 0 where the connection ended without one.</summary>
    public async Task<RawResponse> ReadAsync(TimeSpan? patience = null)
    {
        using var late = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            if (TryParse() is { } response) return response;
            if (!await FillAsync(late.Token)) return new RawResponse(0, "", "");
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(CancellationToken late)
    {
        var buffer = new byte[8192];
        try
        {
            int read = await _socket.ReceiveAsync(buffer, late);
            _unread.AddRange(buffer.AsSpan(0, read));
            return read > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private RawResponse? TryParse()
    {
        var text = Encoding.Latin1.GetString([.. _unread]);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var head = text[..end];
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        int body = length is null ? 0 : int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture);
        if (text.Length < end + 4 + body) return null;
        _unread.RemoveRange(0, end + 4 + body);
        return new RawResponse(int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head, text.Substring(end + 4, body));
    }
}
