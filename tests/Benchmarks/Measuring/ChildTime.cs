using System.Runtime.InteropServices;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>CPU time of children that have ended, which a busy neighbour changes less than the time on the clock.</summary>
internal static partial class ChildTime
{
    private const int Children = -1, LongsInUsage = 18;

    /// <summary>User and system time, in milliseconds.</summary>
    public static double Milliseconds()
    {
        Span<long> usage = stackalloc long[LongsInUsage];
        if (Usage(Children, ref MemoryMarshal.GetReference(usage)) != 0) throw new InvalidOperationException($"getrusage: errno {Marshal.GetLastPInvokeError()}");
        return (usage[0] + usage[2]) * 1e3 + (usage[1] + usage[3]) / 1e3;
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int Usage(int who, ref long usage);
}
