using System.Globalization;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>
/// A central broker with the access rules of deploy/mosquitto/bridge.acl, and a site's broker with the bridge of deploy/mosquitto/bridge.conf to it,
/// over TLS. Each lets tests in on a port without rules.
/// </summary>
internal sealed class BridgedBrokers : IAsyncDisposable
{
    // The site is named as one of the test certificates.
    public const string Fleet = "lab", Site = "client", Device = "dev-1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestCertificates _certificates = new(TimeProvider.System);
    private readonly TempFolder _folder = new();
    private readonly int _open = MosquittoBroker.FreePort(), _secured = MosquittoBroker.FreePort();
    private MosquittoBroker? _central, _site;
    private int _sessions;

    public int Central => _open;

    public int SitePort => _site!.Port;

    public static async Task<BridgedBrokers> StartAsync()
    {
        var brokers = new BridgedBrokers();
        File.WriteAllText(brokers._folder["bridge.acl"], brokers.Filled("bridge.acl"));
        File.WriteAllText(brokers._folder["central.conf"], brokers.CentralConfiguration());
        brokers._central = await MosquittoBroker.StartAsync(brokers._folder["central.conf"], brokers._open);
        Directory.CreateDirectory(brokers._folder["tls"]);
        File.Copy(brokers._certificates.CaFile, brokers._folder["tls", "broker.pem"]);
        File.Copy(brokers._certificates.CertificateFile(Site), brokers._folder["tls", Site + ".pem"]);
        File.Copy(brokers._certificates.KeyFile(Site), brokers._folder["tls", Site + ".key"]);
        brokers._site = await MosquittoBroker.StartAsync(new BrokerOptions { Extra = brokers.Filled("bridge.conf").Split('\n') });
        await brokers.WaitForBridgeAsync();
        return brokers;
    }

    /// <summary>Begins to keep what comes to a topic; fetch it with the number that this returns.</summary>
    public async Task<int> ListenAsync(int port, string topic)
    {
        var session = ++_sessions;
        (await RunAsync("mosquitto_sub", port, [.. Session(session), "-t", topic, "-E"])).Expect();
        return session;
    }

    /// <summary>The next message that was kept, in mosquitto_sub's format.</summary>
    public static async Task<string> FetchAsync(int port, int session, string topic, string format) =>
        (await RunAsync("mosquitto_sub", port, [.. Session(session), "-t", topic, "-C", "1", "-W", "15", "-F", format])).Expect().Output.TrimEnd('\n');

    public static async Task PublishAsync(int port, string topic, string message, params string[] more) =>
        (await RunAsync("mosquitto_pub", port, ["-q", "1", "-t", topic, "-m", message, .. more])).Expect();

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        if (_central is not null) await _central.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
    }

    private string CentralConfiguration() => $"""
        per_listener_settings true
        user {Environment.UserName}
        log_dest stdout
        listener {_open} 127.0.0.1
        allow_anonymous true
        listener {_secured} 127.0.0.1
        allow_anonymous false
        cafile {_certificates.CaFile}
        certfile {_certificates.CertificateFile("server")}
        keyfile {_certificates.KeyFile("server")}
        require_certificate true
        use_identity_as_username true
        acl_file {_folder["bridge.acl"]}

        """;

    private string Filled(string file) => RepositoryFiles.Read("deploy/mosquitto/" + file).Text
        .Replace("@FLEET@", Fleet, StringComparison.Ordinal).Replace("@SITE@", Site, StringComparison.Ordinal).Replace("@DEVICE@", Device, StringComparison.Ordinal)
        .Replace("@TLS@", _folder["tls"], StringComparison.Ordinal).Replace("@CENTRAL@", $"localhost:{_secured}", StringComparison.Ordinal);

    // The site's broker tells whether its bridge is connected, in a retained message; the subscriptions follow within the same exchange.
    private async Task WaitForBridgeAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            var state = await RunAsync("mosquitto_sub", SitePort, ["-t", "$SYS/broker/connection/+/state", "-C", "1", "-W", "5"]);
            if (state.Output.Trim() == "1") return;
            if (late.IsCancellationRequested) throw new InvalidOperationException($"the bridge does not connect\n--- site\n{_site!.Log}\n--- central\n{_central!.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    private static string[] Session(int number) => ["-i", $"session-{number}", "-c", "-x", "60", "-q", "1"];

    private static Task<ProcessResult> RunAsync(string program, int port, string[] arguments) =>
        ProcessRun.RunAsync(program, ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-V", "5", .. arguments], Patience);
}
