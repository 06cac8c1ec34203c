using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeRuntime.TestKit.Processes;

/// <summary>A program that runs until told to stop. Owns the process: disposing kills it if it still runs.</summary>
public sealed partial class RunningProcess : IAsyncDisposable
{
    private const int Hangup = 1, Terminate = 15, Continue = 18, Stop = 19; // of Linux on x86 and ARM
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private RunningProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything printed so far, standard output and error in the order of arrival.</summary>
    public string Log
    {
        get { lock (_log) return _log.ToString(); }
    }

    public static RunningProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new RunningProcess(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start"));
    }

    /// <summary>Asks the program to end (SIGTERM) and gives its exit code.</summary>
    /// <exception cref="TimeoutException">It still ran at the deadline; it has been killed.</exception>
    public async Task<int> StopAsync(TimeSpan deadline)
    {
        Send(Terminate);
        using var late = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"process {_process.Id} still ran {deadline.TotalSeconds:0} s after SIGTERM\n{Log}");
        }
        return _process.ExitCode;
    }

    /// <summary>Sends SIGHUP, by which services are told to read their configuration again.</summary>
    public void HangUp() => Send(Hangup);

    /// <summary>Keeps it from running, as one that hangs; it can be killed, but ends by no signal before it is resumed.</summary>
    public void Pause() => Send(Stop);

    /// <summary>Lets one run on that was paused.</summary>
    public void Resume() => Send(Continue);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (!_process.HasExited && SendSignal(_process.Id, signal) != 0) throw new InvalidOperationException($"kill -{signal} {_process.Id}: errno {Marshal.GetLastPInvokeError()}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
