using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>What the elements of a float array reach; other types have no range to compare with.</summary>
internal static class Magnitudes
{
    public static double Largest(NamedArray array) => Numbers(array).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    public static bool HoldsNotANumber(NamedArray array) => Numbers(array).Any(double.IsNaN);

    private static IEnumerable<double> Numbers(NamedArray array) => array.Type switch
    {
        ElementType.Float32 => MemoryMarshal.Cast<byte, float>(array.Data).ToArray().Select(value => (double)value),
        ElementType.Float64 => MemoryMarshal.Cast<byte, double>(array.Data).ToArray(),
        ElementType.Float16 => MemoryMarshal.Cast<byte, Half>(array.Data).ToArray().Select(value => (double)value),
        _ => [],
    };
}
