using System.Diagnostics;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>How busy a process keeps one core, from one look to the next.</summary>
internal sealed class BusyShare
{
    private readonly int _process;
    private TimeSpan _used;
    private long _at;

    public BusyShare(int process)
    {
        _process = process;
        (_used, _at) = (Used(), Stopwatch.GetTimestamp());
    }

    /// <summary>Seconds since the last look, and the cores that the process used in them.</summary>
    public (double Seconds, double Cores) Look()
    {
        var (used, at) = (Used(), Stopwatch.GetTimestamp());
        double seconds = Stopwatch.GetElapsedTime(_at, at).TotalSeconds, spent = (used - _used).TotalSeconds;
        (_used, _at) = (used, at);
        return (seconds, seconds > 0 ? spent / seconds : 0);
    }

    private TimeSpan Used()
    {
        using var process = Process.GetProcessById(_process);
        return process.TotalProcessorTime;
    }
}
