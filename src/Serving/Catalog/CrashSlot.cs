using System.IO.MemoryMappedFiles;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>A model's place in the crash journal. Marking writes one byte of mapped memory, which outlives the process, and nothing to the disk.</summary>
internal sealed class CrashSlot(MemoryMappedViewAccessor? journal, long position)
{
    /// <summary>A slot of no journal.</summary>
    public static readonly CrashSlot None = new(null, 0);

    public void Mark(CrashMark what, bool on) => journal?.Write(position + (int)what, (byte)(on ? 1 : 0));
}
