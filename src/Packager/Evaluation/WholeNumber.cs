using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>The first element of an array of whole numbers.</summary>
internal static class WholeNumber
{
    /// <returns>Null where the elements are no whole numbers.</returns>
    public static long? Of(NamedArray array) => array.Type switch
    {
        ElementType.Int64 => MemoryMarshal.Read<long>(array.Data),
        ElementType.Int32 => MemoryMarshal.Read<int>(array.Data),
        ElementType.Int16 => MemoryMarshal.Read<short>(array.Data),
        ElementType.Int8 => (sbyte)array.Data[0],
        ElementType.UInt8 => array.Data[0],
        ElementType.UInt16 => MemoryMarshal.Read<ushort>(array.Data),
        ElementType.UInt32 => MemoryMarshal.Read<uint>(array.Data),
        _ => null,
    };
}
