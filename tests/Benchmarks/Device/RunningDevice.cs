using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>The published <c>edge-runtime run</c>, or what stands in its place as a peer. Owns the process.</summary>
internal sealed class RunningDevice : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180), Glance = TimeSpan.FromMilliseconds(20), StopDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(40);
    private static readonly string[] SettledEvents = ["Swapped:", "CacheOpened:", "SpecialisationFailed:"];

    private readonly RunningProcess _process;

    private RunningDevice(string name, RunningProcess process, long started) => (Name, _process, Started) = (name, process, started);

    public string Name { get; }

    public int ProcessId => _process.Id;

    /// <summary>The timestamp from just before exec.</summary>
    public long Started { get; }

    public bool HasExited => _process.HasExited;

    public string Log => _process.Log;

    /// <param name="folder">Its root and configuration.</param>
    /// <param name="bundle">What it serves; null for nothing.</param>
    /// <param name="cap">The control group that it runs in; null for this program's own.</param>
    public static RunningDevice Start(DeviceFolder folder, SignedBundle? bundle, MemoryCap? cap = null) =>
        Start(folder, DeviceConfig.Of(bundle), command => cap is null ? (command[0], command[1..]) : cap.Enter(command));

    /// <param name="folder">Its root and configuration.</param>
    /// <param name="config">What it is told.</param>
    /// <param name="enter">Makes of the program's command line one that starts it where it shall run.</param>
    public static RunningDevice Start(DeviceFolder folder, DeviceConfig config, Func<string[], (string File, string[] Arguments)> enter)
    {
        var name = DeviceFolder.NewDevice();
        return Start(name, enter([RepositoryPaths.Program("edge-runtime"), "run", "--config", folder.Configure(name, config)]));
    }

    /// <summary>Any program that speaks under a device's name.</summary>
    public static RunningDevice Start(string name, (string File, string[] Arguments) command)
    {
        var started = TimeProvider.System.GetTimestamp();
        return new RunningDevice(name, RunningProcess.Start(command.File, command.Arguments), started);
    }

    /// <summary>Waits until the model is no longer served in the form that it was opened in, or is known to stay in it.</summary>
    public async Task SpecialisedAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        while (!Log.Contains("Swapped:", StringComparison.Ordinal))
        {
            if (HasExited || Log.Contains("SpecialisationFailed", StringComparison.Ordinal) || late.IsCancellationRequested)
                throw new InvalidOperationException($"{Name} did not specialise its model\n{Log}");
            await Task.Delay(Glance, CancellationToken.None);
        }
    }

    /// <summary>Waits until nothing is built in the background any more: the models run in the form that they will keep, or the patience is over.</summary>
    public async Task SettledAsync(int models)
    {
        using var late = new CancellationTokenSource(SettleDeadline);
        while (!late.IsCancellationRequested && !HasExited && Settled(Log) < models) await Task.Delay(Glance, CancellationToken.None);
    }

    private static int Settled(string log) => SettledEvents.Sum(name => log.Split(name).Length - 1);

    /// <summary>Waits for something that only a living device brings about.</summary>
    /// <exception cref="DeviceLostException">It ended, or takes too long.</exception>
    public async Task<T> AwaitAsync<T>(Task<T> task, TimeSpan deadline)
    {
        using var late = new CancellationTokenSource(deadline);
        while (!task.IsCompleted)
        {
            if (HasExited || late.IsCancellationRequested) throw new DeviceLostException($"{Name} {(HasExited ? "ended" : $"did not answer within {deadline.TotalSeconds} s")}\n{Log}");
            await Task.WhenAny(task, Task.Delay(Glance, CancellationToken.None));
        }
        return await task;
    }

    /// <summary>Tells it to look at its sources again (SIGHUP).</summary>
    public void Reload() => _process.HangUp();

    /// <summary>Keeps it from running while another one is measured: its timers would wake it on the same cores.</summary>
    public void Pause() => _process.Pause();

    /// <summary>Lets it run on.</summary>
    public void Resume() => _process.Resume();

    public async Task StopAsync() => await _process.StopAsync(StopDeadline);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
