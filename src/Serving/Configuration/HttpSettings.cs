using System.Net;

namespace EdgeRuntime.Serving.Configuration;

/// <summary>How the device is reached over HTTP.</summary>
internal sealed record HttpSettings
{
    /// <summary>Loopback, unless <see cref="Tls"/> says who the clients are.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;
    public int Port { get; init; } = 8080;
    /// <summary>In place of address and port.</summary>
    public string? UnixSocket { get; init; }
    public HttpTlsSettings? Tls { get; init; }
    /// <summary>Connections that may be open at once; one client's may be half of them.</summary>
    public int Connections { get; init; } = 64;
    /// <summary>The time of a request that names none.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);
}
