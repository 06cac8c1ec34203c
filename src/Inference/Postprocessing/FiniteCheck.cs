using System.Numerics;
using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>Whether a tensor holds numbers only: no NaN, no infinity. Reads memory once, a vector at a time; other types than floats always pass.</summary>
public static class FiniteCheck
{
    // A float is not finite where all bits of its exponent are set.
    private const ushort Float16 = 0x7C00, BFloat16 = 0x7F80;
    private const uint Float32 = 0x7F80_0000;
    private const ulong Float64 = 0x7FF0_0000_0000_0000;

    /// <param name="type">The type of an element.</param>
    /// <param name="data">The elements, little-endian.</param>
    public static bool IsFinite(ElementType type, ReadOnlySpan<byte> data) => type switch
    {
        ElementType.Float32 => !Any(MemoryMarshal.Cast<byte, uint>(data), Float32),
        ElementType.Float16 => !Any(MemoryMarshal.Cast<byte, ushort>(data), Float16),
        ElementType.BFloat16 => !Any(MemoryMarshal.Cast<byte, ushort>(data), BFloat16),
        ElementType.Float64 => !Any(MemoryMarshal.Cast<byte, ulong>(data), Float64),
        _ => true,
    };

    private static bool Any<T>(ReadOnlySpan<T> words, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var all = new Vector<T>(exponent);
        int i = 0;
        for (; i <= words.Length - Vector<T>.Count; i += Vector<T>.Count)
            if (Vector.EqualsAny(new Vector<T>(words[i..]) & all, all)) return true;
        for (; i < words.Length; i++)
            if ((words[i] & exponent) == exponent) return true;
        return false;
    }
}
