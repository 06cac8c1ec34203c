using System.Text.Json;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;

namespace EdgeRuntime.Device.Decisions;

/// <summary>Where a request was sent, as JSON, and back.</summary>
internal static class RouteText
{
    private static readonly string[] Routes = ["refuse", "local", "server"];

    public static void Write(Utf8JsonWriter json, in RouteRecord record)
    {
        json.WriteString("model", record.Model);
        json.WriteNumber("left", record.Left);
        json.WriteNumber("floor", record.Floor);
        json.WriteStartObject("here");
        json.WriteBoolean("fits", record.Here.Fits);
        json.WriteNumber("worth", record.Here.Worth);
        json.WriteNumber("leastWorth", record.Here.LeastWorth);
        json.WriteBoolean("barred", record.Here.IsBarred);
        json.WriteEndObject();
        Write(json, record.Server, record.Offer);
        json.WriteString("route", Routes[(int)record.Decision.Route]);
        json.WriteBoolean("fallback", record.Decision.HasFallback);
        json.WriteNumber("worth", record.Decision.Worth);
    }

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static RouteRecord Read(JsonElement json)
    {
        var (here, server) = (json.GetProperty("here"), json.GetProperty("server"));
        var offer = new ServerOffer(
            server.GetProperty("allowed").GetBoolean(), server.GetProperty("probe").GetBoolean(), server.GetProperty("mayRisk").GetBoolean(),
            server.GetProperty("quality").GetDouble(), server.GetProperty("mean").GetDouble(), server.GetProperty("deviation").GetDouble(),
            server.TryGetProperty("reserve", out var reserve) ? reserve.GetDouble() : ServerOffer.UsualReserve); // logs of before 2026-11-30 have none
        var decision = new RouteDecision(Route(json.GetProperty("route").GetString()), json.GetProperty("fallback").GetBoolean(), json.GetProperty("worth").GetDouble());
        return new RouteRecord(
            json.GetProperty("model").GetString() ?? "",
            new LocalOffer(here.GetProperty("fits").GetBoolean(), here.GetProperty("worth").GetDouble(), here.GetProperty("leastWorth").GetDouble(),
                here.TryGetProperty("barred", out var barred) && barred.GetBoolean()), // logs of before 2026-11-30 do not say
            json.GetProperty("left").GetDouble(), json.GetProperty("floor").GetDouble(), offer, server.GetProperty("name").GetString() ?? "", decision);
    }

    private static void Write(Utf8JsonWriter json, string server, in ServerOffer offer)
    {
        json.WriteStartObject("server");
        json.WriteString("name", server);
        json.WriteBoolean("allowed", offer.IsAllowed);
        json.WriteBoolean("probe", offer.IsProbe);
        json.WriteBoolean("mayRisk", offer.MayRisk);
        json.WriteNumber("quality", offer.Quality);
        json.WriteNumber("mean", offer.Mean);
        json.WriteNumber("deviation", offer.Deviation);
        json.WriteNumber("reserve", offer.Reserve);
        json.WriteEndObject();
    }

    private static RequestRoute Route(string? name) => Array.IndexOf(Routes, name) is >= 0 and var route
        ? (RequestRoute)route
        : throw new FormatException($"route '{name}' is not one of {string.Join(", ", Routes)}");
}
