using System.Runtime.InteropServices;

namespace EdgeRuntime.Device;

/// <summary>glibc's heap, told to stay small.</summary>
internal static partial class NativeHeap
{
    private const int ArenaMaximum = -8; // M_ARENA_MAX

    /// <summary>
    /// One heap for all threads. By default each thread fills one of its own, and what it freed stays there unused: 10 MB where a transformer is
    /// served. Few threads allocate here, and none of them per request.
    /// </summary>
    public static void ShareAmongThreads() => _ = SetOption(ArenaMaximum, 1);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
