using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.TestKit.Brokers;

/// <summary>
/// A broker as deploy/ sets it up: certificates by deploy/certificates/authority.sh, configuration and ACLs by deploy/mosquitto/install.sh.
/// Beside the listeners of the roles there is one on loopback without TLS or ACL, on which tests see and send everything.
/// </summary>
public sealed class FleetBroker : IAsyncDisposable
{
    public const string Fleet = "lab";
    private static readonly string[] Roles = ["devices", "clients", "servers", "depots", "operators"];
    private static readonly string Deploy = Path.Combine(RepositoryPaths.Root, "deploy");

    private readonly TempFolder _folder = new();
    private readonly int _first = FreePorts(Roles.Length);
    private MosquittoBroker? _broker;

    private FleetBroker()
    {
    }

    /// <summary>The port without TLS or ACL.</summary>
    public int OpenPort => Broker.Port;

    public string Log => Broker.Log;

    /// <summary>The folder of authority.sh.</summary>
    public string Certificates => _folder["certificates"];

    public string BrokerAuthority => Path.Combine(Certificates, "authorities", "broker", "ca.pem");

    private MosquittoBroker Broker => _broker ?? throw new InvalidOperationException("the broker was not started");

    /// <param name="identities">ROLE/NAME of each certificate to issue.</param>
    /// <param name="edit">Changes an installed file's text, given its path below /etc/mosquitto; null for none.</param>
    public static async Task<FleetBroker> StartAsync(IEnumerable<string> identities, Func<string, string, string>? edit = null)
    {
        var fleet = new FleetBroker();
        await fleet.AuthorityAsync("init");
        foreach (var identity in identities) await fleet.AuthorityAsync("issue", identity.Split('/'));
        await fleet.InstallAsync();
        int open = MosquittoBroker.FreePort();
        await File.AppendAllTextAsync(fleet._folder["etc", "mosquitto.conf"], $"\nlistener {open} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n");
        if (edit is not null) fleet.Edit(edit);
        fleet._broker = await MosquittoBroker.StartAsync(fleet._folder["etc", "mosquitto.conf"], open);
        return fleet;
    }

    public int Port(string role) => _first + Array.IndexOf(Roles, role);

    public string CertificateFile(string identity) => Path.Combine(Certificates, identity + ".pem");

    public string KeyFile(string identity) => Path.Combine(Certificates, identity + ".key");

    public async Task AuthorityAsync(string verb, params string[] arguments) =>
        (await ProcessRun.RunAsync("bash", [Path.Combine(Deploy, "certificates", "authority.sh"), verb, Certificates, .. arguments])).Expect();

    /// <summary>Gives the broker the authorities' lists of revoked certificates and starts it again.</summary>
    public async Task RestartAsync()
    {
        foreach (var role in Roles) File.Copy(Path.Combine(Certificates, "authorities", role, "crl.pem"), _folder["etc", "tls", role + ".crl.pem"], overwrite: true);
        await Broker.RestartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private async Task InstallAsync()
    {
        Directory.CreateDirectory(_folder["state"]);
        (await ProcessRun.RunAsync("bash",
        [
            Path.Combine(Deploy, "mosquitto", "install.sh"), "--fleet", Fleet, "--certificates", Certificates, "--into", _folder["etc"], "--state", _folder["state"],
            "--user", Environment.UserName, "--address", "127.0.0.1", "--port", _first.ToString(CultureInfo.InvariantCulture),
        ])).Expect();
    }

    private void Edit(Func<string, string, string> edit)
    {
        foreach (var path in Directory.GetFiles(_folder["etc"], "*", SearchOption.AllDirectories).Where(path => path.EndsWith(".conf", StringComparison.Ordinal) || path.EndsWith(".acl", StringComparison.Ordinal)))
            File.WriteAllText(path, edit(Path.GetRelativePath(_folder["etc"], path), File.ReadAllText(path)));
    }

    private static int FreePorts(int count)
    {
        while (true)
        {
            int first = MosquittoBroker.FreePort();
            if (first + count < ushort.MaxValue && Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
