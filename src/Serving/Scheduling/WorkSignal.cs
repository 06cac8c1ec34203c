using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// Lets threads sleep until something has changed. Whoever waits says which version it has seen, so that no change is missed. A futex of its own:
/// a monitor takes its lock twice more for each sleep, some 6 us of a request's way. Where changes come within microseconds, it is looked for one before
/// the sleep: to wake a thread takes longer than that. Thread-safe.
/// </summary>
internal sealed unsafe partial class WorkSignal
{
    // futex(2), linux/futex.h
    private const int WaitPrivate = 128, WakePrivate = 129;
    private static readonly nint FutexCall = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 98 : 202;

    private const int Looks = 8; // pauses of the processor between two looks
    private const double Gain = 1 / 8.0;
    private static readonly double Soon = Stopwatch.Frequency * 40e-6, Late = 5 * Soon; // a single long sleep is soon forgotten

    private readonly int[] _word = GC.AllocateArray<int>(1, pinned: true);
    private readonly bool _isAlone = Environment.ProcessorCount == 1; // nobody else could change anything meanwhile
    private double _usual = Late; // how long a change takes to come; that threads write it at once does no harm
    private int _sleepers;

    /// <summary>Another number after every <see cref="Set"/>.</summary>
    public int Version => Volatile.Read(ref _word[0]);

    /// <summary>Wakes all who sleep.</summary>
    public void Set()
    {
        Interlocked.Increment(ref _word[0]);
        if (Volatile.Read(ref _sleepers) > 0) _ = Call(FutexCall, Address, WakePrivate, int.MaxValue, null);
    }

    /// <summary>Sleeps while the version is <paramref name="seen"/>, for no longer than <paramref name="longest"/>; may wake early.</summary>
    public void Wait(int seen, TimeSpan longest)
    {
        long began = Stopwatch.GetTimestamp();
        if (_isAlone || _usual > Soon || !IsChangedSoon(seen, began)) Sleep(seen, longest);
        _usual += (Math.Min(Stopwatch.GetTimestamp() - began, Late) - _usual) * Gain;
    }

    private bool IsChangedSoon(int seen, long began)
    {
        while (Version == seen)
        {
            if (Stopwatch.GetTimestamp() - began > Soon) return false;
            Thread.SpinWait(Looks);
        }
        return true;
    }

    private void Sleep(int seen, TimeSpan longest)
    {
        var span = new TimeSpec { Seconds = (nint)(longest.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(longest.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
        Interlocked.Increment(ref _sleepers);
        _ = Call(FutexCall, Address, WaitPrivate, seen, &span); // woken, late, or changed before: the caller looks again in any case
        Interlocked.Decrement(ref _sleepers);
    }

    private int* Address => (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_word, 0);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, int* word, int operation, int value, TimeSpec* longest);

    /// <summary><c>struct timespec</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds, Nanoseconds;
    }
}
