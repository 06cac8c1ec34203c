using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>Waits for a point in time, to some 50 us: timers of the thread pool come up to a millisecond late.</summary>
internal static partial class MonotonicClock
{
    private const int Monotonic = 1, AbsoluteTime = 1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Returns at once where it has passed.</summary>
    public static void SleepUntil(long timestamp)
    {
        Debug.Assert(Stopwatch.Frequency == NanosecondsPerSecond, "timestamps are CLOCK_MONOTONIC in nanoseconds on Linux");
        var until = new TimeSpec(timestamp / NanosecondsPerSecond, timestamp % NanosecondsPerSecond);
        while (Stopwatch.GetTimestamp() < timestamp && NanoSleep(Monotonic, AbsoluteTime, until, 0) != 0)
        {
            // interrupted by a signal: the time is absolute, so wait for it again
        }
    }

    public static long After(long timestamp, TimeSpan duration) => timestamp + (long)(duration.TotalSeconds * Stopwatch.Frequency);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int NanoSleep(int clock, int flags, in TimeSpec until, nint remaining);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
