using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Postprocessing;

public sealed class FiniteCheckTests
{
    private const int Longest = 70; // more than two vectors of any width

    [Fact]
    public void IsFinite_OneElementIsNot_IsFoundAtEveryPlaceOfEveryLength()
    {
        Try<float>(ElementType.Float32, 1.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        Try<double>(ElementType.Float64, -1e300, double.NaN, double.PositiveInfinity);
        Try<Half>(ElementType.Float16, Half.MaxValue, Half.NaN, Half.NegativeInfinity);
        Try<ushort>(ElementType.BFloat16, 0x7F7F, 0x7F80, 0xFFC1);
    }

    [Fact]
    public void IsFinite_Extremes_Pass()
    {
        float[] values = [0, -0f, float.Epsilon, float.MaxValue, float.MinValue];
        Assert.True(FiniteCheck.IsFinite(ElementType.Float32, MemoryMarshal.AsBytes(values.AsSpan())));
        Assert.True(FiniteCheck.IsFinite(ElementType.Int32, MemoryMarshal.AsBytes<int>([-1, 0x7F80_0000])));
        Assert.True(FiniteCheck.IsFinite(ElementType.Float32, []));
    }

    private static void Try<T>(ElementType type, T number, params T[] others)
        where T : unmanaged
    {
        for (int length = 1; length <= Longest; length++)
        {
            var values = new T[length];
            Array.Fill(values, number);
            Assert.True(FiniteCheck.IsFinite(type, MemoryMarshal.AsBytes(values.AsSpan())));
            for (int at = 0; at < length; at++)
            {
                values[at] = others[at % others.Length];
                Assert.False(FiniteCheck.IsFinite(type, MemoryMarshal.AsBytes(values.AsSpan())), $"{type}, {at} of {length}");
                values[at] = number;
            }
        }
    }
}
