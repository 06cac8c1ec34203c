using System.Globalization;
using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Http;

/// <summary>The header Accept, as far as answers come in two forms: RFC 9110, 12.5.1.</summary>
internal static class AcceptHeader
{
    private const int MostRanges = 32;

    /// <summary>Reads which form is wanted.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="format">The form with the highest weight, the first of equals; null where either will do.</param>
    /// <returns>False where neither is acceptable.</returns>
    public static bool TryRead(ReadOnlySpan<char> header, out PayloadFormat? format)
    {
        format = null;
        double best = 0;
        Span<Range> ranges = stackalloc Range[MostRanges];
        int count = header.Split(ranges, ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (count == 0) return true;
        foreach (var range in ranges[..count])
        {
            if (!TryRange(header[range], out var wanted, out double weight) || weight <= best) continue;
            (format, best) = (wanted, weight);
        }
        return best > 0;
    }

    // One media range: the form that it names, null for a wildcard that holds both.
    private static bool TryRange(ReadOnlySpan<char> range, out PayloadFormat? format, out double weight)
    {
        (format, weight) = (null, Weight(range));
        int end = range.IndexOf(';');
        var media = (end < 0 ? range : range[..end]).Trim();
        if (media is "*/*" || media.Equals("application/*", StringComparison.OrdinalIgnoreCase)) return true;
        Span<byte> name = stackalloc byte[32];
        if (media.Length > name.Length || !PayloadFormats.TryParse(name[..Encoding.ASCII.GetBytes(media, name)], out var named) || named > PayloadFormat.Binary) return false;
        format = named;
        return true;
    }

    private static double Weight(ReadOnlySpan<char> range)
    {
        foreach (var part in range.Split(';'))
        {
            var parameter = range[part].Trim();
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
                return double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight) ? weight : 0;
        }
        return 1;
    }
}
