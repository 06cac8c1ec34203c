using System.Globalization;
using EdgeRuntime.Messaging.OpenInference.Json;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

// Against the framework's parser, bit by bit, where it is hard: between two floats, at the ends of the range, with many digits.
public sealed class JsonFloatTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("0e999999999")]
    [InlineData("-0.000000000000000000000000000001e-400000000000")]
    [InlineData("1e-45")]
    [InlineData("7.0064923216240853e-46")]
    [InlineData("7.0064923216240854e-46")]
    [InlineData("1.1754943508222875e-38")]
    [InlineData("1.1754942e-38")]
    [InlineData("3.4028235e38")]
    [InlineData("3.4028235677973366e38")]
    [InlineData("16777217")]
    [InlineData("16777219.0")]
    [InlineData("9007199791611905.0")]
    [InlineData("1.00000017881393432617187499")]
    [InlineData("1.00000017881393432617187500")]
    [InlineData("1.00000017881393432617187501")]
    [InlineData("0.100000001490116119384765625")]
    [InlineData("12345678901234567890123456789")]
    [InlineData("0.000000000000000000012345678")]
    [InlineData("99999999999999999999999999999999999999999e-3")]
    public void Parse_HardCase_EqualsTheFramework(string text) => AssertSame(text);

    [Fact]
    public void Parse_RandomFloats_EqualsTheFramework()
    {
        const int Seed = 20260731;
        var random = new Random(Seed);
        var cases = Payloads.Full ? 2_000_000 : 100_000;
        for (var i = 0; i < cases; i++)
        {
            var single = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!float.IsFinite(single)) continue;
            var text = (i % 5) switch
            {
                0 => single.ToString(CultureInfo.InvariantCulture),
                1 => ((double)single).ToString(CultureInfo.InvariantCulture), // as Python writes a float32
                2 => (((double)single + MathF.BitIncrement(single)) / 2).ToString("G17", CultureInfo.InvariantCulture), // the middle
                3 => random.NextDouble().ToString(CultureInfo.InvariantCulture),
                _ => $"{random.Next(-1000, 1000)}.{random.NextInt64(long.MaxValue)}e{random.Next(-50, 50)}",
            };
            AssertSame(text);
        }
    }

    private static void AssertSame(string text)
    {
        var position = 0;
        var utf8 = Payloads.Utf8(text);
        Assert.True(JsonNumber.TryScan(utf8, ref position, out var number) && position == utf8.Length, text);
        var single = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.True(BitConverter.SingleToInt32Bits(single) == BitConverter.SingleToInt32Bits(JsonFloat.ToSingle(number)), $"{text} as float");
        Assert.True(BitConverter.DoubleToInt64Bits(real) == BitConverter.DoubleToInt64Bits(JsonFloat.ToDouble(number)), $"{text} as double");
    }
}
