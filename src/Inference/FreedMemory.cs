using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference;

/// <summary>Memory that was freed and is still held, managed and native.</summary>
public static class FreedMemory
{
    /// <summary>Gives it back to the system. Takes milliseconds: for after an installation or a swap, never for a request.</summary>
    public static void Return()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Libc.TrimHeap();
    }
}
