using System.Diagnostics;

namespace EdgeRuntime.Device.Degradation;

/// <summary>What a device holds in memory for each cap of its ladder, the best rung first. Immutable.</summary>
internal sealed class RungMemory
{
    private readonly long[] _bytes;

    /// <param name="bytes">What is held where that rung is the best one that may be used; zeros where it is not known. One at least.</param>
    public RungMemory(params ReadOnlySpan<long> bytes)
    {
        Debug.Assert(bytes.Length > 0, "a ladder has a rung");
        _bytes = bytes.ToArray();
    }

    public int Count => _bytes.Length;

    /// <summary>What a cap leaves free that another one holds; negative the other way.</summary>
    public long Frees(int from, int to) => _bytes[from] - _bytes[to];

    /// <summary>The best cap that frees so much more than another one, the last where none does.</summary>
    public int Freeing(int from, long bytes)
    {
        int to = from + 1;
        while (to < Count - 1 && Frees(from, to) < bytes) to++;
        return Math.Min(to, Count - 1);
    }
}
