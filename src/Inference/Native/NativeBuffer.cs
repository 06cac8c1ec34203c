using System.Runtime.InteropServices;

namespace EdgeRuntime.Inference.Native;

/// <summary>Aligned native memory that only grows. Not thread-safe; owned by the context that binds it.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64; // a cache line and the widest vector

    public byte* Pointer { get; private set; }

    public nuint Capacity { get; private set; }

    /// <summary>Makes room for <paramref name="bytes"/>; true where the memory moved, so that it has to be bound again.</summary>
    public bool Reserve(nuint bytes)
    {
        if (Pointer is not null && bytes <= Capacity) return false;
        nuint wanted = Math.Max(bytes, Alignment);
        Free();
        Pointer = (byte*)NativeMemory.AlignedAlloc(wanted, Alignment);
        Capacity = wanted;
        return true;
    }

    public void Dispose() => Free();

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        Capacity = 0;
    }
}
