using System.Text.Json;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published edge-runtime as a process of its own, with a configuration in a folder of its own. Watched through the broker, as an operator would.</summary>
internal sealed class DeviceProcess : IAsyncDisposable
{
    public const string Fleet = "lab";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _configuration, _head;
    private readonly StateWatch _watch;
    private RunningProcess? _process;

    private DeviceProcess(string name, string configuration, string head, StateWatch watch) => (Name, _configuration, _head, _watch) = (name, configuration, head, watch);

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
        var device = await CreateAsync(folder, port, members, name, broker);
        await device.RestartAsync();
        return device;
    }

    /// <summary>As <see cref="StartAsync"/>, with a process only after <see cref="RestartAsync"/> or <see cref="StartUntilAsync"/>.</summary>
    public static async Task<DeviceProcess> CreateAsync(string folder, int port, string members, string name = "dev-1", string broker = "")
    {
        string head = $$"""{"fleet":"{{Fleet}}","device":"{{name}}","root":"{{name}}-root","broker":{"host":"127.0.0.1","port":{{port}}{{broker}}},""";
        var device = new DeviceProcess(name, Path.Combine(folder, $"{name}.json"), head, await StateWatch.StartAsync(port, name));
        await device.ConfigureAsync(members);
        return device;
    }

    /// <summary>Writes the configuration; the device reads it at its next start or <see cref="HangUp"/>.</summary>
    public Task ConfigureAsync(string members) => File.WriteAllTextAsync(_configuration, $"{_head}{members}}}");

    /// <summary>SIGHUP.</summary>
    public void HangUp() => _process!.HangUp();

    /// <summary>Starts the process and waits until its log holds a text, and a moment longer.</summary>
    public async Task StartUntilAsync(string text, TimeSpan longer)
    {
        await KillAsync();
        _process = Start();
        using var late = new CancellationTokenSource(Patience);
        while (!Log.Contains(text, StringComparison.Ordinal)) await Task.Delay(1, late.Token);
        await Task.Delay(longer, late.Token);
    }

    /// <summary>Starts the process again after it ended.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        _process = Start();
        FirstState = await WaitForStateAsync("online", "degraded");
    }

    /// <summary>Waits for the retained state to be one of these, from now on.</summary>
    /// <returns>The state's document.</returns>
    public Task<JsonElement> WaitForStateAsync(params string[] states) => WatchedAsync(_watch.WaitAsync(states, Patience));

    /// <summary>Waits until the retained state's reason tells something, or does not; the machine may have other reasons meanwhile.</summary>
    public Task WaitForReasonAsync(string text, bool isTold = true) =>
        WatchedAsync(_watch.WaitAsync(state => state.GetProperty("reason").GetString()!.Contains(text, StringComparison.Ordinal) == isTold, $"{(isTold ? "" : "without ")}'{text}'", Patience));

    private async Task<JsonElement> WatchedAsync(Task<JsonElement> state)
    {
        try
        {
            return await state;
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

    private RunningProcess Start() => RunningProcess.Start(RepositoryPaths.Program("edge-runtime"), ["run", "--config", _configuration]);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _watch.DisposeAsync();
    }
}
