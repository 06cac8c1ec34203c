using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeRuntime.TestKit.Brokers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>
/// A small server of the Open Inference Protocol v2 on loopback, over HTTP/1.1 and gRPC, written from the specification with none of the code
/// under test. It can be told to misbehave.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string Name = "test-cluster", Version = "0.9";

    private readonly WebApplication _app;
    private int _open;

    private TestCluster(TestCertificates? certificates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => Listen(listen, HttpProtocols.Http1, certificates));
            kestrel.Listen(IPAddress.Loopback, 0, listen => Listen(listen, HttpProtocols.Http2, certificates));
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri Http { get; private set; } = null!;
    public Uri Grpc { get; private set; } = null!;

    /// <summary>What is wrong with inference from now on.</summary>
    public Trouble Trouble { get; set; }

    /// <summary>Whether the server says that it is ready.</summary>
    public bool Ready { get; set; } = true;

    /// <summary>How readiness is told over HTTP: in the code alone, or in a document as well.</summary>
    public bool ReadyByDocument { get; set; }

    /// <summary>Whether it knows the binary tensor data extension.</summary>
    public bool HasSections { get; set; } = true;

    /// <summary>Whether answers over gRPC have typed contents in place of raw ones.</summary>
    public bool TypedContents { get; set; }

    /// <summary>What answers to whatever is asked, in place of all else.</summary>
    public Func<HttpContext, Task>? Handler { get; set; }

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>Of each call at inference, what it said of the time that is left.</summary>
    public ConcurrentQueue<string> Timeouts { get; } = new();

    /// <summary>Counts calls that hung and were given up by the client.</summary>
    public SemaphoreSlim GivenUp { get; } = new(0);

    /// <summary>Counts calls that reached inference.</summary>
    public SemaphoreSlim Arrived { get; } = new(0);

    /// <summary>Calls that were at inference at once, at most.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The name of the certificate that the last client showed.</summary>
    public string? ClientName { get; private set; }

    public static async Task<TestCluster> StartAsync(TestCertificates? certificates = null)
    {
        var cluster = new TestCluster(certificates);
        await cluster._app.StartAsync();
        var addresses = cluster._app.Urls.Select(url => new Uri(url.Replace("127.0.0.1", certificates is null ? "127.0.0.1" : "localhost", StringComparison.Ordinal))).ToList();
        (cluster.Http, cluster.Grpc) = (addresses[0], addresses[1]);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(late.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Waits until the client gives up.</summary>
    public async Task HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(60), context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            GivenUp.Release();
        }
    }

    /// <summary>Counts a call at inference while it runs.</summary>
    public async Task AtInferenceAsync(Func<Task> run)
    {
        Arrived.Release();
        lock (Seen) MostAtOnce = Math.Max(MostAtOnce, ++_open);
        try
        {
            await run();
        }
        finally
        {
            lock (Seen) _open--;
        }
    }

    private Task ServeAsync(HttpContext context)
    {
        ClientName = context.Connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (Handler is { } handler) return handler(context);
        return context.Request.Protocol == HttpProtocol.Http2 ? new GrpcSide(this, context).ServeAsync() : new RestSide(this, context).ServeAsync();
    }

    private static void Listen(ListenOptions listen, HttpProtocols protocols, TestCertificates? certificates)
    {
        listen.Protocols = protocols;
        if (certificates is null) return;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(certificates.CertificateFile("server"), certificates.KeyFile("server")),
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = static (_, _, _) => true, // whom the server lets in is not what is tested
        });
    }
}
