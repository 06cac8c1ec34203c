using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>The published <c>edge-runtime run</c>. Owns the process.</summary>
internal sealed class RunningDevice : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180), Glance = TimeSpan.FromMilliseconds(20), StopDeadline = TimeSpan.FromSeconds(20);

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
    public static RunningDevice Start(DeviceFolder folder, SignedBundle? bundle, MemoryCap? cap = null)
    {
        var name = DeviceFolder.NewDevice();
        var config = folder.Configure(name, bundle);
        string[] command = [RepositoryPaths.Program("edge-runtime"), "run", "--config", config];
        var started = TimeProvider.System.GetTimestamp();
        var (file, arguments) = cap is null ? (command[0], command[1..]) : cap.Enter(command);
        return new RunningDevice(name, RunningProcess.Start(file, arguments), started);
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

    public async Task StopAsync() => await _process.StopAsync(StopDeadline);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
