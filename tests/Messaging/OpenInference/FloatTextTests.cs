using System.Globalization;
using System.Numerics;
using EdgeRuntime.Messaging.OpenInference.Json;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class FloatTextTests
{
    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-0f, "-0")]
    [InlineData(1f, "1")]
    [InlineData(-1200f, "-1200")]
    [InlineData(16777216f, "16777216")]
    [InlineData(1e9f, "1e9")]
    [InlineData(0.1f, "0.1")]
    [InlineData(0.001f, "0.001")]
    [InlineData(0.0001f, "0.0001")]
    [InlineData(0.00001f, "1e-5")]
    [InlineData(12.34f, "12.34")]
    [InlineData(-1.17549435e-38f, "-1.1754944e-38")]
    [InlineData(float.Epsilon, "1e-45")]
    [InlineData(float.MaxValue, "3.4028235e38")]
    public void Write_Known_IsTheText(float value, string text) => Assert.Equal(text, Text(value));

    [Fact]
    public void Write_AnyFloat_ReadsBackAndIsAsShortAsTheFrameworks()
    {
        const int Seed = 20260801;
        var random = new Random(Seed);
        for (var exponent = 0; exponent < 255; exponent++)
            foreach (var significand in new[] { 0, 1, 2, 0x3fffff, 0x400000, 0x7ffffe, 0x7fffff }) Check(BitConverter.Int32BitsToSingle(exponent << 23 | significand));
        for (var i = Payloads.Full ? 5_000_000 : 100_000; i > 0; i--) Check(BitConverter.Int32BitsToSingle(random.Next(0x7f800000)));
    }

    [Fact]
    public void PowersOfTen_Table_IsTheRoundedUpPowers()
    {
        for (var i = 0; i < ShortestFloat.PowersOfTen.Length; i++)
        {
            var k = i + ShortestFloat.MinPower;
            var shift = (k * 1741647 >> 19) - 63;
            var above = BigInteger.Pow(10, Math.Max(k, 0)) << Math.Max(-shift, 0);
            var below = BigInteger.Pow(10, Math.Max(-k, 0)) << Math.Max(shift, 0);
            Assert.Equal((above + below - 1) / below, ShortestFloat.PowersOfTen[i]);
        }
    }

    private static void Check(float value)
    {
        var text = Text(value);
        Assert.True(float.Parse(text, CultureInfo.InvariantCulture) == value, $"{value:R} was written {text}");
        Assert.True(Digits(text) == Digits(value.ToString(CultureInfo.InvariantCulture)), $"{value:R} was written {text}");
    }

    // The digits that count: both formatters must give the same ones, whatever the form.
    private static string Digits(string text) => text.Split('e', 'E')[0].Replace(".", "").Trim('0');

    private static string Text(float value)
    {
        Span<byte> room = stackalloc byte[FloatText.Longest];
        return Payloads.Text(room[..FloatText.Write(value, room)]);
    }
}
