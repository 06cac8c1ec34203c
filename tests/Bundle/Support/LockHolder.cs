using System.Diagnostics;

namespace EdgeRuntime.Bundles.Tests.Support;

/// <summary>Another process that holds a lock file until this is disposed.</summary>
internal sealed class LockHolder : IDisposable
{
    private readonly Process _process;

    private LockHolder(Process process) => _process = process;

    public static LockHolder Start(string path)
    {
        var start = new ProcessStartInfo("flock", ["--exclusive", path, "sh", "-c", "echo held; read line"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new LockHolder(Process.Start(start)!);
    }

    public async Task WaitUntilHeldAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        if (line != "held") throw new InvalidOperationException($"the lock was not taken: {line}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(TimeSpan.FromSeconds(20));
        _process.Dispose();
    }
}
