using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// A JSON number as written: sign, up to 19 digits, a power of ten. Value = Mantissa * 10^Exponent where it is Exact.
internal ref struct JsonNumber
{
    private const int ExactDigits = 19; // 10^19 - 1 fits 64 bits

    public ReadOnlySpan<byte> Text;
    public ulong Mantissa;
    public int Exponent;
    public bool Negative;
    public bool Whole;
    public bool Exact;

    // Scans by the grammar of RFC 8259; false leaves the position at the offending byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out JsonNumber number)
    {
        Unsafe.SkipInit(out number);
        var start = position;
        var at = start;
        number.Negative = (uint)at < (uint)text.Length && text[at] == '-';
        if (number.Negative) at++;

        var first = at;
        var mantissa = 0UL;
        for (uint digit; (uint)at < (uint)text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++) mantissa = mantissa * 10 + digit;
        var digits = at - first;
        if (digits == 0 || (digits > 1 && text[first] == '0')) return Refuse(digits == 0 ? at : first + 1, out position, out number);

        number.Exponent = 0;
        number.Whole = true;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            number.Whole = false;
            var point = ++at;
            if (TryEightDigits(text, at, out var eight))
            {
                mantissa = mantissa * 100_000_000 + eight;
                at += 8;
            }
            for (uint digit; (uint)at < (uint)text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++) mantissa = mantissa * 10 + digit;
            if (at == point) return Refuse(at, out position, out number);
            number.Exponent = point - at;
            digits += at - point;
        }
        if ((uint)at < (uint)text.Length && (text[at] | 0x20) == 'e')
        {
            number.Whole = false;
            at++;
            if (!TryExponent(text, ref at, ref number.Exponent)) return Refuse(at, out position, out number);
        }
        position = at;
        number.Mantissa = mantissa;
        number.Text = text[start..at];
        number.Exact = digits <= ExactDigits || DigitsWithoutLeadingZeros(text[first..at]) <= ExactDigits;
        return true;
    }

    // Whole numbers of any 64-bit type; false where there is a fraction, an exponent or more than 64 bits.
    public readonly bool TryMagnitude(out ulong magnitude)
    {
        magnitude = Mantissa;
        if (!Whole) return false;
        if (Exact) return true;
        return Utf8Parser.TryParse(Negative ? Text[1..] : Text, out magnitude, out var read) && read == Text.Length - (Negative ? 1 : 0);
    }

    // Eight digits in one word: Daniel Lemire, Number parsing at a gigabyte per second, 2021.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryEightDigits(ReadOnlySpan<byte> text, int at, out uint value)
    {
        value = 0;
        if (text.Length - at < sizeof(ulong)) return false;
        var word = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);
        const ulong Zeros = 0x3030303030303030, HighNibbles = 0xF0F0F0F0F0F0F0F0, Sixes = 0x0606060606060606;
        if (((word & HighNibbles) | (((word + Sixes) & HighNibbles) >> 4)) != (Zeros | Zeros >> 4)) return false;
        word -= Zeros;
        word = word * 10 + (word >> 8);
        const ulong Pairs = 0x000000FF000000FF;
        value = (uint)(((word & Pairs) * (100 + (1_000_000UL << 32)) + ((word >> 16) & Pairs) * (1 + (10_000UL << 32))) >> 32);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Refuse(int at, out int position, out JsonNumber number)
    {
        number = default;
        position = at;
        return false;
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
