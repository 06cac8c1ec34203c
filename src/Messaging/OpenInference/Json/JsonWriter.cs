using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Compact JSON into a buffer writer through a span that is fetched rarely. Utf8JsonWriter is a class with checks per value;
// arrays of numbers are written here at the formatter's own speed.
internal ref struct JsonWriter(IBufferWriter<byte> to)
{
    private const int Chunk = 16 << 10;
    public const int LongestNumber = 32;

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private readonly IBufferWriter<byte> to = to;
    private Span<byte> room;
    private int used;

    // Bytes handed to the buffer writer; whole after Flush.
    public int Written { get; private set; }

    // Room for at least this many bytes; follow with Advance.
    public Span<byte> Room(int count)
    {
        if (room.Length - used < count)
        {
            Flush();
            room = to.GetSpan(Math.Max(count, Chunk));
        }
        return room[used..];
    }

    public void Advance(int count) => used += count;

    public void Flush()
    {
        to.Advance(used);
        Written += used;
        used = 0;
        room = default;
    }

    public void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        used += text.Length;
    }

    public void Byte(byte symbol)
    {
        Room(1)[0] = symbol;
        used++;
    }

    // A string, quoted and escaped; the text must be UTF-8.
    public void String(ReadOnlySpan<byte> text)
    {
        Byte((byte)'"');
        while (true)
        {
            var plain = text.IndexOfAny(Special);
            Raw(plain < 0 ? text : text[..plain]);
            if (plain < 0) break;
            Escape(text[plain]);
            text = text[(plain + 1)..];
        }
        Byte((byte)'"');
    }

    // A member's name and colon; the name needs no escape.
    public void Name(ReadOnlySpan<byte> name)
    {
        Byte((byte)'"');
        Raw(name);
        Raw("\":"u8);
    }

    public void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Room(LongestNumber), out var written);
        used += written;
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    // The shortest text that reads back as the same double.
    public void Number(double value)
    {
        value.TryFormat(Room(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        used += written;
    }

    private void Escape(byte symbol)
    {
        var escape = symbol switch
        {
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            _ => default,
        };
        Raw(escape);
        if (!escape.IsEmpty) return;
        Raw("\\u00"u8);
        Byte((byte)"0123456789abcdef"[symbol >> 4]);
        Byte((byte)"0123456789abcdef"[symbol & 15]);
    }
}
