using System.Runtime.InteropServices;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>glibc's heap, told to stay small.</summary>
internal static partial class NativeHeap
{
    // Numbers of malloc.h.
    private const int TrimThreshold = -1, TopPad = -2, MapThreshold = -3, ArenaMaximum = -8;
    private const int Kept = 8 << 20, Mapped = 1 << 20, Ahead = 32 << 20;
    private const int HugePages = 14; // MADV_HUGEPAGE

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

    /// <summary>
    /// For a process that lives for one answer: the heap grows once, into huge pages where the kernel gives them. It touches 16 MB, most of it for
    /// ONNX Runtime's operators: 4,000 page faults are a quarter of the time to the answer on a virtual machine.
    /// </summary>
    public static unsafe void GrowAtOnce()
    {
        _ = SetOption(ArenaMaximum, 1);
        _ = SetOption(TopPad, Ahead);
        _ = SetOption(MapThreshold, Ahead); // the session's arena too
        _ = SetOption(TrimThreshold, int.MaxValue);
        void* first = NativeMemory.Alloc(1 << 18);
        nint start = ((nint)first + Environment.SystemPageSize - 1) & -Environment.SystemPageSize;
        nint length = MoveBreak(0) - start;
        NativeMemory.Free(first);
        if (length is > 0 and <= 2 * Ahead) _ = Advise(start, length, HugePages); // a kernel without them says no, and nothing is lost
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "sbrk")]
    private static partial nint MoveBreak(nint by);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
