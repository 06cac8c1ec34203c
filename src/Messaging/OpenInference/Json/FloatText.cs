using System.Diagnostics;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// A finite float as JSON text: plain where that is short, else with an exponent.
internal static class FloatText
{
    public const int Longest = 16; // -1.23456789e-38 has 15
    private const int MostPlainZeros = 6;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    // Writes at the front of room, which holds Longest bytes at least; returns how many.
    public static int Write(float value, Span<byte> room)
    {
        Debug.Assert(float.IsFinite(value) && room.Length >= Longest);
        var sign = 0;
        if (float.IsNegative(value))
        {
            room[0] = (byte)'-';
            sign = 1;
            value = -value;
        }
        if (value == 0)
        {
            room[sign] = (byte)'0';
            return sign + 1;
        }
        var (digits, exponent) = ShortestFloat.Decimal(value);
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }
        return sign + WriteDecimal(digits, exponent, room[sign..]);
    }

    private static int WriteDecimal(uint digits, int exponent, Span<byte> room)
    {
        var count = Count(digits);
        var whole = count + exponent; // digits before the point
        if (exponent >= 0 && exponent <= MostPlainZeros) // 1200
        {
            WriteDigits(digits, room[..count]);
            room.Slice(count, exponent).Fill((byte)'0');
            return whole;
        }
        if (exponent < 0 && whole > 0) // 12.34
        {
            WriteDigits(digits, room[1..(count + 1)]);
            room[1..(whole + 1)].CopyTo(room);
            room[whole] = (byte)'.';
            return count + 1;
        }
        if (exponent < 0 && whole > -4) // 0.0012
        {
            var zeros = 2 - whole;
            room[..zeros].Fill((byte)'0');
            room[1] = (byte)'.';
            WriteDigits(digits, room.Slice(zeros, count));
            return zeros + count;
        }
        return WriteScientific(digits, count, whole - 1, room);
    }

    private static int WriteScientific(uint digits, int count, int exponent, Span<byte> room) // 1.2e-10
    {
        WriteDigits(digits, room[1..(count + 1)]);
        room[0] = room[1];
        room[1] = (byte)'.';
        var at = count == 1 ? 1 : count + 1;
        room[at++] = (byte)'e';
        if (exponent < 0) room[at++] = (byte)'-';
        var magnitude = (uint)Math.Abs(exponent);
        var length = Count(magnitude);
        WriteDigits(magnitude, room.Slice(at, length));
        return at + length;
    }

    private static void WriteDigits(uint value, Span<byte> room)
    {
        var at = room.Length;
        while (value >= 100)
        {
            (value, var pair) = Math.DivRem(value, 100);
            at -= 2;
            Pairs.Slice((int)pair * 2, 2).CopyTo(room[at..]);
        }
        if (value >= 10) Pairs.Slice((int)value * 2, 2).CopyTo(room[(at - 2)..]);
        else room[at - 1] = (byte)('0' + value);
    }

    private static int Count(uint value) => value switch
    {
        < 10 => 1,
        < 100 => 2,
        < 1000 => 3,
        < 10_000 => 4,
        < 100_000 => 5,
        < 1_000_000 => 6,
        < 10_000_000 => 7,
        < 100_000_000 => 8,
        < 1_000_000_000 => 9,
        _ => 10,
    };
}
