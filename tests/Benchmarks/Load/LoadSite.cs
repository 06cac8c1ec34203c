using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>A broker and this process on one side of the machine, the devices that are started here on the other.</summary>
internal sealed class LoadSite : IAsyncDisposable
{
    // Or the broker drops what the runtime has not read yet, and it is the broker that is measured.
    private static readonly BrokerOptions Patient = new() { Extra = ["max_queued_messages 50000"] };

    private readonly CoreSplit _cores;
    private readonly BenchSite _site;
    private readonly DeviceFolder _folder;

    private LoadSite(CoreSplit cores, BenchSite site, string folder) => (_cores, _site, _folder) = (cores, site, new DeviceFolder(folder, site.Port));

    public int Port => _site.Port;

    public MosquittoBroker Broker => _site.Broker;

    /// <summary>What a note says of it.</summary>
    public string Cores => _cores.IsDivided ? "runtime on one core, broker and load on the others" : "all on one core";

    /// <param name="run">The bench.</param>
    /// <param name="name">A folder of its own.</param>
    public static async Task<LoadSite> OpenAsync(BenchRun run, string name)
    {
        var cores = await CoreSplit.DivideAsync();
        return new LoadSite(cores, await BenchSite.OpenAsync(Patient), Path.Combine(run.Scratch, name));
    }

    /// <summary>Starts a device and waits until it is online, its models in the form that they will keep.</summary>
    /// <param name="config">What it is told.</param>
    /// <param name="cap">The control group that it runs in; null for this program's own.</param>
    public async Task<RunningDevice> StartAsync(DeviceConfig config, MemoryCap? cap = null)
    {
        var device = RunningDevice.Start(_folder, config, command => Enter(command, cap));
        await _site.Client.OnlineAsync(device);
        await device.SettledAsync(config.Models.Sum(model => model.Rungs));
        return device;
    }

    /// <summary>A peer in the runtime's place.</summary>
    public async Task<RunningDevice> StartEchoAsync()
    {
        var echo = EchoCommand.Start(Port, _cores.EnterRuntimeCore);
        await _site.Client.OnlineAsync(echo);
        return echo;
    }

    private (string File, string[] Arguments) Enter(string[] command, MemoryCap? cap)
    {
        var (file, arguments) = _cores.EnterRuntimeCore(command);
        return cap is null ? (file, arguments) : cap.Enter([file, .. arguments]);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _cores.DisposeAsync();
    }
}
