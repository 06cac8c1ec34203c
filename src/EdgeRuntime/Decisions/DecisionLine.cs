using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace EdgeRuntime.Device.Decisions;

/// <summary>A line of a log of decisions: where a request was sent, or which rung a run took. Each number is kept to the bit. Format: docs/formats/offload.md.</summary>
/// <param name="At">When.</param>
/// <param name="Route">Where a request was sent; null where this is about a run.</param>
/// <param name="Rung">Which rung a run took; null where this is about a request.</param>
internal readonly record struct DecisionLine(DateTimeOffset At, RouteRecord? Route, RungRecord? Rung)
{
    private const int Depth = 4;

    public void Write(IBufferWriter<byte> line)
    {
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("at", At.ToString("o", CultureInfo.InvariantCulture));
            if (Route is { } route) RouteText.Write(json, route);
            if (Rung is { } rung) RungText.Write(json, rung);
            json.WriteEndObject();
        }
        line.Write("\n"u8);
    }

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static DecisionLine Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = Depth });
            var (root, at) = (json.RootElement, json.RootElement.GetProperty("at").GetDateTimeOffset());
            return root.TryGetProperty("rungs", out _) ? new DecisionLine(at, null, RungText.Read(root)) : new DecisionLine(at, RouteText.Read(root), null);
        }
        // It is no JSON, lacks a member, or has one of another kind: what JsonElement throws of text that anyone may have written.
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(error.Message, error);
        }
    }
}
