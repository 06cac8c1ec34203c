using System.Globalization;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>A device, servers and a broker between them, as processes of their own. Device and servers share the first core by quota, broker and load have the others.</summary>
internal sealed class OffloadSite : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), StopDeadline = TimeSpan.FromSeconds(20), Glance = TimeSpan.FromMilliseconds(20);

    private readonly CoreSplit _cores;
    private readonly BenchSite _site;
    private readonly string _folder;
    private readonly List<CpuCap> _caps = [];
    private readonly List<RunningProcess> _servers = [];

    private OffloadSite(CoreSplit cores, BenchSite site, string folder) => (_cores, _site, _folder) = (cores, site, folder);

    public int Port => _site.Port;

    public MosquittoBroker Broker => _site.Broker;

    public static async Task<OffloadSite> OpenAsync(BenchRun run, string name)
    {
        var cores = await CoreSplit.DivideAsync();
        return new OffloadSite(cores, await BenchSite.OpenAsync(new BrokerOptions { Extra = ["max_queued_messages 50000"] }), Path.Combine(run.Scratch, name));
    }

    /// <summary>Starts a device that hands requests over, and waits until it is online.</summary>
    /// <param name="workloads">What it serves.</param>
    /// <param name="cores">Its part of a core; null for no limit.</param>
    public async Task<RunningDevice> StartDeviceAsync(IReadOnlyList<Serving.Workload> workloads, double? cores = null)
    {
        var config = new DeviceConfig { Models = Served(workloads), Offloads = true };
        var device = RunningDevice.Start(new DeviceFolder(Path.Combine(_folder, "device"), Port), config, Within(cores));
        await _site.Client.OnlineAsync(device);
        await device.SettledAsync(workloads.Count);
        return device;
    }

    /// <summary>Starts a server of the pool, and waits until it says that it is ready.</summary>
    public async Task<RunningProcess> StartServerAsync(string name, IReadOnlyList<Serving.Workload> workloads, double? cores = null)
    {
        var folder = new DeviceFolder(Path.Combine(_folder, name), Port);
        var path = folder.Configure(name, new DeviceConfig { Models = Served(workloads), IsServer = true });
        var (file, arguments) = Within(cores)([RepositoryPaths.Program("edge-offload"), "run", "--config", path]);
        var server = RunningProcess.Start(file, arguments);
        _servers.Add(server);
        using var late = new CancellationTokenSource(Patience);
        while (!server.Log.Contains("server: ready", StringComparison.Ordinal) || Settled(server.Log) < workloads.Count)
        {
            if (server.HasExited || late.IsCancellationRequested) throw new InvalidOperationException($"{name} did not start\n{server.Log}");
            await Task.Delay(Glance, CancellationToken.None);
        }
        await Task.Delay(TimeSpan.FromSeconds(1.5), CancellationToken.None); // a beacon later the device knows of it
        return server;
    }

    /// <summary>How many requests a server says that it answered, at its end.</summary>
    public static async Task<int> StopAsync(RunningProcess server)
    {
        await server.StopAsync(StopDeadline);
        const string Said = "stopped; answered ";
        int at = server.Log.LastIndexOf(Said, StringComparison.Ordinal);
        return at < 0 ? throw new InvalidDataException($"a server did not end well\n{server.Log}") : int.Parse(server.Log[(at + Said.Length)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(RunningProcess server)
    {
        _servers.Remove(server);
        await server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        foreach (var cap in _caps) cap.Dispose();
        await _site.DisposeAsync();
        await _cores.DisposeAsync();
    }

    private static int Settled(string log) => log.Split("Swapped:").Length + log.Split("CacheOpened:").Length - 2;

    private static IReadOnlyList<ServedBundle> Served(IReadOnlyList<Serving.Workload> workloads) => [.. workloads.Select(workload => new ServedBundle(workload.Bundle) { Threads = 1 })];

    private Func<string[], (string File, string[] Arguments)> Within(double? cores)
    {
        if (cores is not { } part) return _cores.EnterRuntimeCore;
        var cap = CpuCap.TryCreate(part, out var reason) ?? throw new InvalidOperationException($"no part of a core can be given: {reason}");
        _caps.Add(cap);
        return command =>
        {
            var (file, arguments) = _cores.EnterRuntimeCore(command);
            return cap.Enter([file, .. arguments]);
        };
    }
}
