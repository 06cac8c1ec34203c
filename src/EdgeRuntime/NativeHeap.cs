using System.Runtime.InteropServices;

namespace EdgeRuntime.Device;

/// <summary>glibc's heap, told to stay small.</summary>
internal static partial class NativeHeap
{
    // Numbers of malloc.h.
    private const int TrimThreshold = -1, MapThreshold = -3, ArenaMaximum = -8;
    private const int Kept = 8 << 20, Mapped = 1 << 20;

    /// <summary>
    /// One heap for all threads. By default each thread fills one of its own, and what it freed stays there unused: 10 MB where a transformer is
    /// served. Few threads allocate here, and none of them per request. What is larger than most payloads is mapped on its own and goes back when
    /// it is freed; by default that size grows with what was freed, until weights leave holes: 20 MB while ResNet-50 is specialised.
    /// </summary>
    public static void StaySmall()
    {
        _ = SetOption(ArenaMaximum, 1);
        _ = SetOption(MapThreshold, Mapped);
        _ = SetOption(TrimThreshold, Kept);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
