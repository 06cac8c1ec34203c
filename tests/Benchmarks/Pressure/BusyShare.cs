using System.Diagnostics;
using System.Globalization;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>How busy a process keeps one core, from one look to the next.</summary>
internal sealed class BusyShare
{
    // Fields of /proc/PID/stat behind the name, which may hold anything but ends with the last parenthesis.
    private const int User = 11, System = 12;
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    private readonly int _process;
    private long _ticks, _at;

    public BusyShare(int process)
    {
        _process = process;
        (_ticks, _at) = (Ticks(), Stopwatch.GetTimestamp());
    }

    /// <summary>Seconds since the last look, and the cores that the process used in them.</summary>
    public (double Seconds, double Cores) Look()
    {
        var (ticks, at) = (Ticks(), Stopwatch.GetTimestamp());
        double seconds = Stopwatch.GetElapsedTime(_at, at).TotalSeconds, used = (ticks - _ticks) / TicksPerSecond;
        (_ticks, _at) = (ticks, at);
        return (seconds, seconds > 0 ? used / seconds : 0);
    }

    private long Ticks()
    {
        var text = File.ReadAllText($"/proc/{_process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[User], CultureInfo.InvariantCulture) + long.Parse(fields[System], CultureInfo.InvariantCulture);
    }
}
