using System.Text.Json;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Device.Decisions;

/// <summary>The choice of a rung as JSON, and back.</summary>
internal static class RungText
{
    public static void Write(Utf8JsonWriter json, in RungRecord record)
    {
        var decision = record.Decision;
        json.WriteString("model", record.Model);
        json.WriteNumber("left", decision.Left);
        json.WriteNumber("floor", decision.Floor);
        json.WriteNumber("cap", decision.Cap);
        json.WriteNumber("coming", decision.Coming);
        json.WriteStartObject("pace");
        json.WriteNumber("mean", decision.Pace.Mean);
        json.WriteNumber("spread", decision.Pace.Spread);
        json.WriteNumber("noise", decision.Pace.Noise);
        json.WriteEndObject();
        json.WriteStartArray("rungs");
        for (int place = 0; place < decision.Rungs.Count; place++) Write(json, decision.Ids[place], decision.Rungs[place]);
        json.WriteEndArray();
        json.WriteStartArray("waiting");
        foreach (var promise in decision.Waiting)
        {
            json.WriteStartArray();
            json.WriteNumberValue(promise.Left);
            json.WriteNumberValue(promise.Least);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteNumber("chosen", decision.Chosen);
    }

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static RungRecord Read(JsonElement json)
    {
        var rungs = json.GetProperty("rungs").EnumerateArray().ToList();
        var pace = json.GetProperty("pace");
        var decision = new RungDecision(
            [.. rungs.Select(rung => rung.GetProperty("id").GetString() ?? "")],
            [.. rungs.Select(rung => new Rung(rung.GetProperty("quality").GetDouble(), rung.GetProperty("seconds").GetDouble(), rung.GetProperty("untried").GetBoolean()))],
            [.. json.GetProperty("waiting").EnumerateArray().Select(Promise)],
            Pace.At(pace.GetProperty("mean").GetDouble(), pace.GetProperty("spread").GetDouble(), pace.GetProperty("noise").GetDouble()),
            json.GetProperty("coming").GetDouble(), json.GetProperty("left").GetDouble(), json.GetProperty("cap").GetInt32(), json.GetProperty("floor").GetDouble(), json.GetProperty("chosen").GetInt32());
        if (decision.Cap < 0 || decision.Cap >= rungs.Count) throw new FormatException($"cap {decision.Cap} is not a place among {rungs.Count} rungs");
        if (decision.Chosen >= rungs.Count) throw new FormatException($"chosen {decision.Chosen} is not a place among {rungs.Count} rungs");
        return new RungRecord(json.GetProperty("model").GetString() ?? "", decision);
    }

    private static void Write(Utf8JsonWriter json, string id, in Rung rung)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteNumber("quality", rung.Quality);
        json.WriteNumber("seconds", rung.Seconds);
        json.WriteBoolean("untried", rung.IsUntried);
        json.WriteEndObject();
    }

    private static Promise Promise(JsonElement pair) => pair.GetArrayLength() == 2
        ? new Promise(pair[0].GetDouble(), pair[1].GetDouble())
        : throw new FormatException($"one that waits has {pair.GetArrayLength()} numbers, not 2");
}
