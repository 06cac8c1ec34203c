using System.Net;
using System.Net.Sockets;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.TestKit.Brokers;

/// <summary>
/// A mosquitto of one's own: on a loopback port that was free, in a folder that goes with it. It can be killed, and comes back on the same
/// port with the same configuration. A watcher ends it when the test process is gone, however that ended.
/// </summary>
public sealed class MosquittoBroker : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _folder, _configuration;
    private RunningProcess? _process, _watcher;

    private MosquittoBroker(string folder, string configuration, int port) => (_folder, _configuration, Port) = (folder, configuration, port);

    public int Port { get; }

    /// <summary>Where it listens, too, if its options say so.</summary>
    public string UnixSocketPath => Path.Combine(_folder, "broker.sock");

    /// <summary>What it printed since it was started last.</summary>
    public string Log => _process?.Log ?? "";

    public static async Task<MosquittoBroker> StartAsync(BrokerOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("broker-").FullName;
        var broker = new MosquittoBroker(folder, Path.Combine(folder, BrokerFolder.Configuration), FreePort());
        await BrokerFolder.WriteAsync(options ?? new BrokerOptions(), folder, broker.Port);
        await broker.RunAsync();
        return broker;
    }

    /// <summary>Starts from a configuration that someone else wrote and keeps.</summary>
    /// <param name="configuration">The file.</param>
    /// <param name="port">A port that it says to listen on.</param>
    public static async Task<MosquittoBroker> StartAsync(string configuration, int port)
    {
        var broker = new MosquittoBroker(Directory.CreateTempSubdirectory("broker-").FullName, configuration, port);
        await broker.RunAsync();
        return broker;
    }

    /// <summary>Ends it without warning (SIGKILL), as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_watcher is not null) await _watcher.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        (_process, _watcher) = (null, null);
    }

    /// <summary>Starts it again on the same port, after killing it if it still runs.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A loopback port that was free just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync()
    {
        _process = RunningProcess.Start(Program, ["-c", _configuration]);
        _watcher = RunningProcess.Start("/bin/sh", ["-c", $"tail --pid={Environment.ProcessId} -f /dev/null; kill -KILL {_process.Id}"]);
        using var late = new CancellationTokenSource(Deadline);
        while (!await AcceptsAsync(late.Token))
        {
            if (_process.HasExited || late.IsCancellationRequested)
                throw new InvalidOperationException($"{Program} does not accept on port {Port}\n{_process.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }

    private async Task<bool> AcceptsAsync(CancellationToken late)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, late);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
