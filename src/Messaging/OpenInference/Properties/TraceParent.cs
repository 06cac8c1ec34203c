using System.Buffers.Text;
using System.Globalization;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>A W3C trace context, version 00: who asked, so that the answer's spans join the sender's trace.</summary>
/// <param name="TraceHigh">The first 8 bytes of the trace id, as a big-endian number.</param>
/// <param name="TraceLow">The last 8 bytes of the trace id.</param>
/// <param name="SpanId">The sender's span.</param>
/// <param name="Flags">Bit 0: sampled.</param>
public readonly record struct TraceParent(ulong TraceHigh, ulong TraceLow, ulong SpanId, byte Flags)
{
    /// <summary>Bytes of the wire form.</summary>
    public const int WireLength = 55;

    /// <summary>Reads <c>00-{32 hex}-{16 hex}-{2 hex}</c> in lower case; ids of zeros are invalid by the recommendation.</summary>
    public static bool TryParse(ReadOnlySpan<byte> wire, out TraceParent trace)
    {
        trace = default;
        if (wire.Length != WireLength || !wire.StartsWith("00-"u8) || wire[35] != '-' || wire[52] != '-') return false;
        if (!TryHex(wire[3..19], out var high) || !TryHex(wire[19..35], out var low)) return false;
        if (!TryHex(wire[36..52], out var span) || !TryHex(wire[53..55], out var flags)) return false;
        if ((high | low) == 0 || span == 0) return false;
        trace = new TraceParent(high, low, span, (byte)flags);
        return true;
    }

    /// <summary>Writes the wire form.</summary>
    /// <returns>Bytes written; 0 where <paramref name="destination"/> is shorter than <see cref="WireLength"/>.</returns>
    public int Format(Span<byte> destination) => System.Text.Unicode.Utf8.TryWrite(
        destination, CultureInfo.InvariantCulture, $"00-{TraceHigh:x16}{TraceLow:x16}-{SpanId:x16}-{Flags:x2}", out var written) ? written : 0;

    private static bool TryHex(ReadOnlySpan<byte> digits, out ulong value)
    {
        value = 0;
        return digits.IndexOfAnyInRange((byte)'A', (byte)'F') < 0
            && Utf8Parser.TryParse(digits, out value, out var read, 'x') && read == digits.Length;
    }
}
