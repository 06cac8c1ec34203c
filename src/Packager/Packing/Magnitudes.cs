using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>What the elements of a float array reach; other types have no range to compare with.</summary>
internal static class Magnitudes
{
    public static double Largest(NamedArray array) => Numbers(array).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    public static bool HoldsNotANumber(NamedArray array) => FirstNotANumber(array) is not null;

    /// <summary>Its place among the elements; null where all are numbers.</summary>
    public static int? FirstNotANumber(NamedArray array) => array.Type switch
    {
        ElementType.Float32 => First(MemoryMarshal.Cast<byte, float>(array.Data), float.IsNaN),
        ElementType.Float64 => First(MemoryMarshal.Cast<byte, double>(array.Data), double.IsNaN),
        ElementType.Float16 => First(MemoryMarshal.Cast<byte, Half>(array.Data), Half.IsNaN),
        _ => null,
    };

    private static int? First<T>(ReadOnlySpan<T> values, Func<T, bool> isSought)
    {
        for (var at = 0; at < values.Length; at++)
            if (isSought(values[at])) return at;
        return null;
    }

    private static IEnumerable<double> Numbers(NamedArray array) => array.Type switch
    {
        ElementType.Float32 => MemoryMarshal.Cast<byte, float>(array.Data).ToArray().Select(value => (double)value),
        ElementType.Float64 => MemoryMarshal.Cast<byte, double>(array.Data).ToArray(),
        ElementType.Float16 => MemoryMarshal.Cast<byte, Half>(array.Data).ToArray().Select(value => (double)value),
        _ => [],
    };
}
