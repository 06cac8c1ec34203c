using System.Runtime.Intrinsics;

namespace EdgeRuntime.Packaging.Calibration;

/// <summary>Looks over many values, eight at a time on every processor: what comes out depends neither on its vectors nor on their width.</summary>
internal static class ValueScan
{
    private const int Lanes = 8, WithoutSign = 0x7FFF_FFFF, Infinity = 0x7F80_0000;

    /// <summary>Widens a range to what the values are between; a zero is never negative.</summary>
    /// <returns>False where there is a NaN or an infinity among them.</returns>
    public static bool TryReach(ReadOnlySpan<float> values, ref float least, ref float most)
    {
        var (low, high, largest) = (Vector256.Create(least), Vector256.Create(most), Vector256<int>.Zero);
        var rest = values;
        for (; rest.Length >= Lanes; rest = rest[Lanes..])
        {
            var some = Vector256.Create(rest);
            largest = Vector256.Max(largest, some.AsInt32() & Vector256.Create(WithoutSign));
            low = Vector256.MinNative(low, some);
            high = Vector256.MaxNative(high, some);
        }
        if (Vector256.GreaterThanOrEqualAny(largest, Vector256.Create(Infinity))) return false;
        for (var lane = 0; lane < Lanes; lane++) (least, most) = (Math.Min(least, low[lane]), Math.Max(most, high[lane]));
        foreach (var value in rest)
        {
            if (!float.IsFinite(value)) return false;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }
        (least, most) = (least + 0f, most + 0f);
        return true;
    }

    /// <summary>The sum in float64. Eight lanes are added up side by side and then in pairs: the order is fixed, and with it the last bit.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        var (first, second) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var rest = values;
        for (; rest.Length >= Lanes; rest = rest[Lanes..])
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(rest));
            first += lower;
            second += upper;
        }
        var lanes = first + second;
        double tail = 0;
        foreach (var value in rest) tail += value;
        return lanes[0] + lanes[1] + (lanes[2] + lanes[3]) + tail;
    }
}
