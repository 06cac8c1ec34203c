using System.Net;
using System.Net.Sockets;
using EdgeRuntime.Serving.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeRuntime.Serving.Http;

/// <summary>Kestrel as this device uses it: HTTP/1.1 alone, every size and every wait with a limit.</summary>
internal static class KestrelOptions
{
    private const int HeaderCount = 64, HeaderBytes = 16 << 10, LineBytes = 4 << 10, BufferBytes = 64 << 10;
    private const double BytesPerSecond = 4 << 10;
    private static readonly TimeSpan HeadersPatience = TimeSpan.FromSeconds(10), KeepAlive = TimeSpan.FromSeconds(60), Grace = TimeSpan.FromSeconds(5);

    public static KestrelServer Server(HttpSettings http, LimitSettings limits, HttpConnections connections)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false, ApplicationServices = new NoServices() };
        Limit(options.Limits, http, limits);
        if (http.UnixSocket is { } path) options.ListenUnixSocket(Free(path), Listen);
        else options.Listen(http.Address, http.Port, Listen);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes }), NullLoggerFactory.Instance);
        return new KestrelServer(Options.Create(options), sockets, NullLoggerFactory.Instance);

        void Listen(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(connections.Greet);
        }
    }

    public static string AddressOf(KestrelServer server) => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";

    private static void Limit(KestrelServerLimits server, HttpSettings http, LimitSettings limits)
    {
        server.MaxConcurrentConnections = http.Connections;
        server.MaxConcurrentUpgradedConnections = 0;
        server.MaxRequestHeaderCount = HeaderCount;
        server.MaxRequestHeadersTotalSize = HeaderBytes;
        server.MaxRequestLineSize = LineBytes;
        server.MaxRequestBodySize = limits.PayloadBytes.Bytes;
        server.MaxRequestBufferSize = BufferBytes;
        server.MaxResponseBufferSize = BufferBytes;
        server.RequestHeadersTimeout = HeadersPatience;
        server.KeepAliveTimeout = KeepAlive;
        server.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, Grace);
        server.MinResponseDataRate = new MinDataRate(BytesPerSecond, Grace);
    }

    // A socket that a killed process left behind is in the way; one that somebody listens on is not ours to take.
    private static string Free(string path)
    {
        if (!File.Exists(path)) return path;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return path;
        }
        throw new IOException($"another program listens on '{path}'");
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
