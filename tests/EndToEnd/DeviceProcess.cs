using System.Text.Json;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published edge-runtime as a process of its own, with a configuration in a folder of its own. Watched through the broker, as an operator would.</summary>
internal sealed class DeviceProcess : IAsyncDisposable
{
    public const string Fleet = "lab";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _configuration;
    private readonly StateWatch _watch;
    private RunningProcess? _process;

    private DeviceProcess(string name, string configuration, StateWatch watch) => (Name, _configuration, _watch) = (name, configuration, watch);

    public string Name { get; }
    public int Id => _process!.Id;
    public string Log => _process?.Log ?? "";

    /// <summary>What it said when it had started.</summary>
    public JsonElement FirstState { get; private set; }

    /// <summary>Starts a device and waits until it says that it is online or degraded.</summary>
    /// <param name="folder">Where its configuration and root are.</param>
    /// <param name="port">The broker's, on loopback.</param>
    /// <param name="members">Members of edge-runtime.json beside fleet, device, root and broker.</param>
    /// <param name="name">The device.</param>
    /// <param name="broker">More members of the section broker.</param>
    public static async Task<DeviceProcess> StartAsync(string folder, int port, string members, string name = "dev-1", string broker = "")
    {
        var path = Path.Combine(folder, $"{name}.json");
        await File.WriteAllTextAsync(path, $$"""{"fleet":"{{Fleet}}","device":"{{name}}","root":"{{name}}-root","broker":{"host":"127.0.0.1","port":{{port}}{{broker}}},{{members}}}""");
        var device = new DeviceProcess(name, path, await StateWatch.StartAsync(port, name));
        await device.RestartAsync();
        return device;
    }

    /// <summary>Starts the process again after it ended.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        _process = RunningProcess.Start(RepositoryPaths.Program("edge-runtime"), ["run", "--config", _configuration]);
        FirstState = await WaitForStateAsync("online", "degraded");
    }

    /// <summary>Waits for the retained state to be one of these, from now on.</summary>
    /// <returns>The state's document.</returns>
    public async Task<JsonElement> WaitForStateAsync(params string[] states)
    {
        try
        {
            return await _watch.WaitAsync(states, Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n--- log of {Name}\n{Log}", late);
        }
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public Task<int> StopAsync() => _process!.StopAsync(Patience);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _watch.DisposeAsync();
    }
}
