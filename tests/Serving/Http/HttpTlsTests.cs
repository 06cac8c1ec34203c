using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>TLS with certificates at both ends: who has none of the authority's does not get in, and who has one is named by it.</summary>
public sealed class HttpTlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new(TimeProvider.System), _strangers = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _strangers.Dispose();
    }

    [Fact]
    public async Task Client_WithCertificate_IsServedUnderItsCommonName()
    {
        await using var server = await StartAsync(works: false);
        using var client = Client(_certificates, "client");
        var asked = client.PostAsync(Url(server, "/v2/models/m/infer"), HttpTestServer.Body(HttpTestServer.Json), Cancellation);
        await HttpRawTests.UntilAsync(() => server.Admitted.Active == 1);
        Assert.True(server.Lane.TryTake(out var pending));
        Assert.Equal("client", Encoding.ASCII.GetString(pending.Incoming.Client));
        pending.End();
        Assert.Equal(HttpStatusCode.InternalServerError, (await asked).StatusCode);
    }

    [Fact]
    public async Task Client_AsksMuch_IsAnswered()
    {
        await using var server = await StartAsync();
        using var client = Client(_certificates, "client");
        for (int i = 0; i < 50; i++)
        {
            using var response = await client.PostAsync(Url(server, "/v2/models/m/infer"), HttpTestServer.Body(HttpTestServer.Json), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(false, "server")] // of the authority, but for servers
    [InlineData(true, "client")] // of another authority
    public async Task Client_WithoutACertificateForClients_IsRefused(bool stranger, string? name)
    {
        await using var server = await StartAsync();
        using var client = Client(stranger ? _strangers : _certificates, name);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(Url(server, "/v2/health/live"), Cancellation));
    }

    [Fact]
    public async Task Client_SpeaksNoTls_IsHungUpOn()
    {
        await using var server = await StartAsync();
        Assert.Equal(0, (await RawClient.AskAsync(server.EndPoint, "GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n")).Code);
    }

    [Fact]
    public async Task Client_HoldsManyConnections_HalfAreLeftToOthers()
    {
        await using var server = await StartAsync(connections: 4);
        using var handler = Handler(_certificates, "client");
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        using var greedy = new HttpClient(handler);
        var asked = Enumerable.Range(0, 6).Select(_ => greedy.GetAsync(Url(server, "/v2"), HttpCompletionOption.ResponseHeadersRead, Cancellation)).ToList();
        await Task.WhenAll(asked.Select(task => task.ContinueWith(static _ => { }, TaskScheduler.Default)));
        Assert.True(server.Front.Connections <= 2, $"{server.Front.Connections} connections");
    }

    private Task<HttpTestServer> StartAsync(bool works = true, int connections = 64) => HttpTestServer.StartAsync(new HttpSettings
    {
        Connections = connections,
        Tls = new HttpTlsSettings { Certificate = _certificates.CertificateFile("server"), Key = _certificates.KeyFile("server"), ClientCa = _certificates.CaFile },
    }, works: works);

    private static Uri Url(HttpTestServer server, string path) => new($"https://localhost:{server.EndPoint.Port}{path}");

    private HttpClient Client(TestCertificates own, string? name) => new(Handler(own, name)) { Timeout = TimeSpan.FromSeconds(20) };

    private SocketsHttpHandler Handler(TestCertificates own, string? name)
    {
        var handler = new SocketsHttpHandler();
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.ImportFromPemFile(_certificates.CaFile);
        handler.SslOptions.CertificateChainPolicy = chain;
        if (name is null) return handler;
        var certificate = X509Certificate2.CreateFromPemFile(own.CertificateFile(name), own.KeyFile(name));
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return handler;
    }
}
