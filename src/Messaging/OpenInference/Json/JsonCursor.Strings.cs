using System.Buffers;
using System.Text;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// The raw text between the quotes; its escapes are already known to be sound.
internal readonly record struct JsonString(int Start, int Length, bool Escaped);

internal ref partial struct JsonCursor
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    public readonly ReadOnlySpan<byte> Raw(JsonString text) => Text.Slice(text.Start, text.Length);

    public bool TryString(out JsonString text, string expected)
    {
        text = default;
        if (Error is not null) return false;
        if (Position >= Text.Length || Text[Position] != '"') return Malformed(expected);
        var start = ++Position;
        var escaped = false;
        while (true)
        {
            var skip = Text[Position..].IndexOfAny(Special);
            if (skip < 0)
            {
                Position = Text.Length;
                return Malformed("the string's closing quote");
            }
            Position += skip;
            if (Text[Position] == '"') break;
            if (Text[Position] != '\\') return Malformed("no control character in a string");
            if (!SkipEscape()) return false;
            escaped = true;
        }
        text = new JsonString(start, Position++ - start, escaped);
        return true;
    }

    // Whether a name, escapes resolved, is the given one: "\u0069d" is "id".
    public readonly bool NameIs(JsonString name, ReadOnlySpan<byte> expected)
    {
        if (!name.Escaped) return Raw(name).SequenceEqual(expected);
        if (name.Length > 6 * expected.Length) return false;
        Span<byte> plain = stackalloc byte[name.Length];
        return plain[..Unescape(Raw(name), plain)].SequenceEqual(expected);
    }

    // Resolves escapes; the result is never longer than the raw text.
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> plain)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var run = raw.IndexOf((byte)'\\');
            if (run < 0) run = raw.Length;
            raw[..run].CopyTo(plain[written..]);
            written += run;
            raw = raw[run..];
            if (!raw.IsEmpty) raw = raw[UnescapeOne(raw, plain, ref written)..];
        }
        return written;
    }

    private static int UnescapeOne(ReadOnlySpan<byte> raw, Span<byte> plain, ref int written)
    {
        if (raw[1] != 'u')
        {
            plain[written++] = raw[1] switch
            {
                (byte)'b' => 8,
                (byte)'f' => 12,
                (byte)'n' => 10,
                (byte)'r' => 13,
                (byte)'t' => 9,
                var itself => itself,
            };
            return 2;
        }
        int unit = Hex4(raw[2..]);
        var pair = char.IsHighSurrogate((char)unit);
        var rune = pair ? new Rune((char)unit, (char)Hex4(raw[8..])) : new Rune((char)unit);
        written += rune.EncodeToUtf8(plain[written..]);
        return pair ? 12 : 6;
    }

    private bool SkipEscape()
    {
        var escape = Position + 1 < Text.Length ? Text[Position + 1] : (byte)0;
        if (escape is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            Position += 2;
            return true;
        }
        return escape == 'u' ? SkipUnicodeEscape() : Malformed("an escape sequence");
    }

    // A surrogate must come as a pair: half of one has no UTF-8.
    private bool SkipUnicodeEscape()
    {
        var unit = Hex4(Text[(Position + 2)..]);
        if (unit < 0) return Malformed("four hexadecimal digits after \\u");
        if (char.IsLowSurrogate((char)unit)) return Malformed("no lone surrogate");
        if (char.IsHighSurrogate((char)unit))
        {
            var next = Text[(Position + 6)..];
            if (!next.StartsWith("\\u"u8) || Hex4(next[2..]) is var low && (low < 0 || !char.IsLowSurrogate((char)low)))
                return Malformed("no lone surrogate");
            Position += 6;
        }
        Position += 6;
        return true;
    }

    private static int Hex4(ReadOnlySpan<byte> text)
    {
        if (text.Length < 4) return -1;
        var value = 0;
        foreach (var digit in text[..4])
        {
            var nibble = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (nibble < 0) return -1;
            value = value << 4 | nibble;
        }
        return value;
    }
}
