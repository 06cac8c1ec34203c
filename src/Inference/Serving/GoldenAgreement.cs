using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>How near two tensors are.</summary>
/// <param name="Cosine">The cosine of the angle between them as vectors; 1 where they are equal.</param>
/// <param name="Absolute">The largest difference of two elements.</param>
public readonly record struct GoldenAgreement(double Cosine, double Absolute)
{
    /// <summary>The worse of each.</summary>
    public GoldenAgreement Worse(GoldenAgreement other) =>
        new(double.IsNaN(other.Cosine) ? double.NaN : Math.Min(Cosine, other.Cosine), double.IsNaN(other.Absolute) ? double.NaN : Math.Max(Absolute, other.Absolute));

    /// <summary>Compares two tensors of one type and shape.</summary>
    public static GoldenAgreement Of(ElementType type, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual)) return new GoldenAgreement(1, 0);
        return type switch
        {
            ElementType.Float32 => Of<float>(expected, actual, static value => value),
            ElementType.Float64 => Of<double>(expected, actual, static value => value),
            ElementType.Float16 => Of<Half>(expected, actual, static value => (double)value),
            ElementType.BFloat16 => Of<ushort>(expected, actual, static value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
            ElementType.Int8 => Of<sbyte>(expected, actual, static value => value),
            ElementType.Int16 => Of<short>(expected, actual, static value => value),
            ElementType.UInt16 => Of<ushort>(expected, actual, static value => value),
            ElementType.Int32 => Of<int>(expected, actual, static value => value),
            ElementType.UInt32 => Of<uint>(expected, actual, static value => value),
            ElementType.Int64 => Of<long>(expected, actual, static value => value),
            ElementType.UInt64 => Of<ulong>(expected, actual, static value => value),
            _ => Of<byte>(expected, actual, static value => value),
        };
    }

    private static GoldenAgreement Of<T>(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, Func<T, double> number)
        where T : unmanaged
    {
        var left = MemoryMarshal.Cast<byte, T>(expected);
        var right = MemoryMarshal.Cast<byte, T>(actual);
        double product = 0, leftSquare = 0, rightSquare = 0, absolute = 0;
        for (int i = 0; i < left.Length; i++)
        {
            double a = number(left[i]), b = number(right[i]);
            product += a * b;
            leftSquare += a * a;
            rightSquare += b * b;
            absolute = Math.Max(absolute, Math.Abs(a - b)); // NaN stays NaN
        }
        double lengths = Math.Sqrt(leftSquare) * Math.Sqrt(rightSquare);
        return new GoldenAgreement(lengths == 0 ? 0 : product / lengths, absolute);
    }
}
