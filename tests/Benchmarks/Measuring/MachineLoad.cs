using System.Globalization;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>How busy the machine is with others: what a bench of latencies should not be run beside.</summary>
internal static class MachineLoad
{
    private const int Idle = 3, Waiting = 4; // fields of the line "cpu" of /proc/stat
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1);

    /// <summary>The share of all cores' time in the next second that somebody uses.</summary>
    public static async Task<double> BusyPercentAsync()
    {
        var before = Read();
        await Task.Delay(Watched);
        var after = Read();
        var spent = after.Zip(before, (now, then) => now - then).ToArray();
        return 100 * (1 - (double)(spent[Idle] + spent[Waiting]) / Math.Max(1, spent.Sum()));
    }

    private static long[] Read() =>
        [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
}
