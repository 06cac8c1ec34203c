using System.Buffers.Text;
using System.Text;

namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Reads the texts of /proc and /sys. What is not what it should be is null; nothing is thrown.</summary>
internal static class KernelText
{
    /// <summary>The whole number that is all of the text.</summary>
    public static long? Number(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length ? number : null;
    }

    /// <summary>The number behind a word that begins a line, such as <c>MemTotal:</c> or <c>oom_kill</c> and a space.</summary>
    public static long? Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(Behind(text, word).TrimStart(" \t"u8), out long number, out _) ? number : null;

    /// <summary>The same of a percentage, such as <c>some avg10=</c>.</summary>
    public static double? Percent(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(Behind(text, word), out double number, out _) && number is >= 0 and <= 100 ? number : null;

    /// <summary>Printable ASCII of its first line.</summary>
    public static string Name(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]).Trim();
    }

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        while (!text.StartsWith(word))
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0) return [];
            text = text[(end + 1)..];
        }
        return text[word.Length..];
    }
}
