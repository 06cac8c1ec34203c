using System.Globalization;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Correctly rounded decimal -> binary. The fast ways cover what programs write; the framework's parser takes the rest.
internal static class JsonFloat
{
    private const ulong ExactDouble = 1UL << 53;
    private const int MaxExactPower = 22; // 10^22 is the last power of ten that a double holds exactly

    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    // W. D. Clinger, How to read floating point numbers accurately, 1990: two exact operands and one rounding.
    public static double ToDouble(in JsonNumber number)
    {
        if (!number.Exact || number.Mantissa > ExactDouble || Math.Abs(number.Exponent) > MaxExactPower)
            return double.Parse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return Signed(Scale(number), number.Negative);
    }

    // The value in double has an error below 2 of its last places (two roundings). Rounding it to 24 bits gives the right float
    // unless the value lies that close to the middle between two floats, which 4 in 2^29 values do.
    public static float ToSingle(in JsonNumber number)
    {
        if (number.Exact && Math.Abs(number.Exponent) <= MaxExactPower)
        {
            var value = Scale(number);
            const long Below = (1L << 29) - 1, Middle = 1L << 28, Doubt = 4;
            var rest = BitConverter.DoubleToInt64Bits(value) & Below;
            var inRange = value is >= 1.1754943508222875e-38 and < 3.4e38 || number.Mantissa == 0;
            if (inRange && Math.Abs(rest - Middle) > Doubt) return (float)Signed(value, number.Negative);
        }
        return float.Parse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static double Scale(in JsonNumber number) => number.Exponent < 0
        ? number.Mantissa / Powers[-number.Exponent]
        : number.Mantissa * Powers[number.Exponent];

    private static double Signed(double value, bool negative) => negative ? -value : value;
}
