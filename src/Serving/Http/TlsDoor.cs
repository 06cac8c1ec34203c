using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Configuration;
using Microsoft.AspNetCore.Connections;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// TLS with certificates at both ends: a client is who an authority of ours says it is, and its name is its certificate's common name. Nobody
/// passes without one. Certificates are read once.
/// </summary>
internal sealed class TlsDoor
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2"; // RFC 5280, id-kp-clientAuth
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SslServerAuthenticationOptions _options;
    private readonly TimeProvider _time;

    /// <exception cref="CryptographicException">A file is not what it should be.</exception>
    public TlsDoor(HttpTlsSettings settings, TimeProvider time)
    {
        _time = time;
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // a stranger's certificate would else name addresses for us to ask
        };
        chain.CustomTrustStore.ImportFromPemFile(settings.ClientCa);
        chain.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key),
            ClientCertificateRequired = true,
            CertificateChainPolicy = chain,
            RemoteCertificateValidationCallback = static (_, certificate, _, errors) => certificate is not null && errors == SslPolicyErrors.None,
            AllowRenegotiation = false,
        };
    }

    /// <summary>Makes the connection's transport TLS while <paramref name="next"/> runs, which is told the client's name.</summary>
    /// <exception cref="AuthenticationException">The client has no certificate of ours.</exception>
    public async Task PassAsync(ConnectionContext connection, Func<string, Task> next)
    {
        var plain = connection.Transport;
        var stream = new SslStream(new PipeStream(plain), leaveInnerStreamOpen: false);
        await using (stream.ConfigureAwait(false))
        {
            using (var late = new CancellationTokenSource(Patience, _time)) await stream.AuthenticateAsServerAsync(_options, late.Token).ConfigureAwait(false);
            var secret = new TlsTransport(PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
            try
            {
                connection.Transport = secret;
                await next(ClientOf(stream)).ConfigureAwait(false);
            }
            finally
            {
                await secret.Input.CompleteAsync().ConfigureAwait(false);
                await secret.Output.CompleteAsync().ConfigureAwait(false);
                connection.Transport = plain;
            }
        }
    }

    private static string ClientOf(SslStream stream)
    {
        using var certificate = new X509Certificate2(stream.RemoteCertificate!);
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return Identifier.IsValid(name) ? name : throw new AuthenticationException($"a certificate's common name '{Identifier.Quote(name)}' is no client's name");
    }
}
