using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeRuntime.Offload.Cluster;

/// <summary>
/// Bounded connections to one server. Nothing of the environment changes where requests go: no proxy, no redirect, no cookie; and nothing is
/// unpacked, so that an answer is no larger than what was received.
/// </summary>
internal static class ClusterTransport
{
    private const int HeaderKilobytes = 32, DrainBytes = 64 << 10, WindowBytes = 1 << 20;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1), IdleLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10), PingPatience = TimeSpan.FromSeconds(5);

    /// <exception cref="ClusterException">A certificate cannot be read.</exception>
    public static HttpMessageInvoker Open(ClusterOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectPatience,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = WindowBytes,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = PingPatience,
            MaxConnectionsPerServer = options.Connections,
            MaxResponseDrainSize = DrainBytes,
            MaxResponseHeadersLength = HeaderKilobytes,
            PooledConnectionIdleTimeout = IdleLifetime,
            PooledConnectionLifetime = options.ConnectionLifetime,
            ResponseDrainTimeout = DrainPatience,
            UseCookies = false,
            UseProxy = false,
        };
        if (options.Url.Scheme == "https") handler.SslOptions = Tls(options);
        return new HttpMessageInvoker(new HostileAnswers(handler));
    }

    // The name is always verified; what a configuration may say is by whom the certificate must be signed.
    private static SslClientAuthenticationOptions Tls(ClusterOptions options)
    {
        try
        {
            var tls = new SslClientAuthenticationOptions();
            if (options.Ca is { } authorities)
            {
                tls.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                };
                tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
                if (tls.CertificateChainPolicy.CustomTrustStore.Count == 0) throw new ClusterException($"ca: '{authorities}' holds no certificate");
            }
            if (options.Certificate is { } certificate) tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, options.Key)];
            return tls;
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException($"the certificates for '{options.Url}' cannot be read: {error.Message}", error);
        }
    }
}
