using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// A JSON number as written: sign, up to 19 digits, a power of ten. Value = Mantissa * 10^Exponent where it is Exact.
internal readonly ref struct JsonNumber
{
    private const int ExactDigits = 19; // 10^19 - 1 fits 64 bits

    public ReadOnlySpan<byte> Text { get; private init; }
    public ulong Mantissa { get; private init; }
    public int Exponent { get; private init; }
    public bool Negative { get; private init; }
    public bool Whole { get; private init; }
    public bool Exact { get; private init; }

    // Scans by the grammar of RFC 8259; false leaves the position at the offending byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out JsonNumber number)
    {
        number = default;
        var start = position;
        var at = start;
        var negative = (uint)at < (uint)text.Length && text[at] == '-';
        if (negative) at++;

        var first = at;
        var mantissa = 0UL;
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) mantissa = mantissa * 10 + (uint)(text[at++] - '0');
        var digits = at - first;
        if (digits == 0 || (digits > 1 && text[first] == '0'))
        {
            position = digits == 0 ? at : first + 1;
            return false;
        }

        var exponent = 0;
        var whole = true;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            whole = false;
            var point = ++at;
            while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) mantissa = mantissa * 10 + (uint)(text[at++] - '0');
            exponent = point - at;
            if (exponent == 0)
            {
                position = at;
                return false;
            }
            digits -= exponent;
        }
        if ((uint)at < (uint)text.Length && (text[at] | 0x20) == 'e')
        {
            whole = false;
            at++;
            if (!TryExponent(text, ref at, ref exponent))
            {
                position = at;
                return false;
            }
        }
        position = at;
        number = new JsonNumber
        {
            Text = text[start..at],
            Mantissa = mantissa,
            Exponent = exponent,
            Negative = negative,
            Whole = whole,
            Exact = digits <= ExactDigits || DigitsWithoutLeadingZeros(text[first..at]) <= ExactDigits,
        };
        return true;
    }

    // Whole numbers of any 64-bit type; false where there is a fraction, an exponent or more than 64 bits.
    public bool TryMagnitude(out ulong magnitude)
    {
        magnitude = Mantissa;
        if (!Whole) return false;
        if (Exact) return true;
        return Utf8Parser.TryParse(Negative ? Text[1..] : Text, out magnitude, out var read) && read == Text.Length - (Negative ? 1 : 0);
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, ref int at, ref int exponent)
    {
        var minus = (uint)at < (uint)text.Length && text[at] == '-';
        if (minus || ((uint)at < (uint)text.Length && text[at] == '+')) at++;
        var first = at;
        var value = 0;
        for (; (uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9; at++)
            value = Math.Min(value * 10 + (text[at] - '0'), 100_000_000); // far beyond any float, far from overflow
        exponent += minus ? -value : value;
        return at > first;
    }

    // 0.000000000000000012345 has few digits that count.
    private static int DigitsWithoutLeadingZeros(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var symbol in text)
        {
            if ((symbol | 0x20) == 'e') break;
            if (symbol != '.' && (count > 0 || symbol != '0')) count++;
        }
        return count;
    }
}
