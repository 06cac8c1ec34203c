using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace EdgeRuntime.Serving.Tracing;

/// <summary>
/// Sends one body over HTTP/1.1 on a connection of its own and reads the head of the answer. All that a batch every few seconds needs: the
/// framework's client would add 3 MB to the program. Over https the certificate and the name are always verified.
/// </summary>
internal sealed class HttpPost(Uri address, string contentType)
{
    private const int MostHead = 8192;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <exception cref="IOException">No connection, or what came back is no answer.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public async Task<HttpAnswer> SendAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address.IdnHost, address.Port, stop).ConfigureAwait(false);
            var stream = await OpenAsync(socket, stop).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Head(body.Length), stop).ConfigureAwait(false);
                await stream.WriteAsync(body, stop).ConfigureAwait(false);
                await stream.FlushAsync(stop).ConfigureAwait(false);
                return Parse(await ReadHeadAsync(stream, stop).ConfigureAwait(false));
            }
        }
        catch (Exception error) when (error is SocketException or System.Security.Authentication.AuthenticationException)
        {
            throw new IOException(error.Message, error);
        }
    }

    private async Task<Stream> OpenAsync(Socket socket, CancellationToken stop)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (address.Scheme == Uri.UriSchemeHttp) return plain;
        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.IdnHost }, stop).ConfigureAwait(false);
        return secure;
    }

    private byte[] Head(int length) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nUser-Agent: edge-runtime\r\nContent-Type: {contentType}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"));

    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken stop)
    {
        var buffer = new byte[MostHead];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), stop).ConfigureAwait(false);
            if (read == 0) break;
            length += read;
            int end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0) return Encoding.Latin1.GetString(buffer, 0, end);
        }
        throw new IOException($"no head of an HTTP answer within {length} bytes");
    }

    internal static HttpAnswer Parse(string head)
    {
        var lines = head.Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || status[1].Length != 3
            || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out int code)) throw new IOException("what came back is no HTTP answer");
        return new HttpAnswer(code, RetryAfter(lines));
    }

    private static TimeSpan? RetryAfter(string[] lines)
    {
        const string Name = "retry-after:";
        var line = Array.Find(lines, line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        if (line is null || !int.TryParse(line.AsSpan(Name.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)) return null;
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds));
    }
}
