using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Hosting;

namespace EdgeRuntime.Serving.Beacons;

/// <summary>A beacon as a document, and back. What is read comes from outside: anything that is not a beacon within its limits is none.</summary>
internal static class BeaconDocument
{
    /// <summary>The most bytes that are read.</summary>
    public const int MaximumSize = 64 << 10;
    private const int Priorities = 10, MaximumModels = 256, MaximumText = 512;
    private const long LongestMicroseconds = 3_600_000_000;

    public static ReadOnlyMemory<byte> Write(LoadBeacon beacon) => JsonDocuments.Object(json =>
    {
        json.WriteString("server", beacon.Server);
        json.WriteString("state", beacon.State);
        json.WriteString("reason", beacon.Reason);
        json.WriteString("boot", beacon.Boot);
        json.WriteString("version", beacon.Version);
        json.WriteString("executor", beacon.Executor);
        json.WriteStartArray("models");
        foreach (var model in beacon.Models) Write(json, model);
        json.WriteEndArray();
    });

    /// <param name="document">JSON.</param>
    /// <param name="server">Whose topic it came on: a beacon of another one is none.</param>
    public static LoadBeacon? Read(ReadOnlyMemory<byte> document, string server)
    {
        if (document.Length > MaximumSize) return null;
        try
        {
            using var json = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 4 });
            return Read(json.RootElement, server);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for texts that are no UTF-8
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, ModelLoad model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("version", model.Version);
        json.WriteNumber("quality", model.Quality);
        json.WriteStartArray("wait-us");
        foreach (long wait in model.WaitMicroseconds) json.WriteNumberValue(wait);
        json.WriteEndArray();
        json.WriteNumber("service-us", model.ServiceMicroseconds);
        json.WriteNumber("waiting", model.Waiting);
        json.WriteEndObject();
    }

    private static LoadBeacon? Read(JsonElement root, string server)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "server") != server || Text(root, "state") is not { } state) return null;
        if (!root.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array || models.GetArrayLength() > MaximumModels) return null;
        return new LoadBeacon
        {
            Server = server,
            State = state,
            Reason = Text(root, "reason") ?? "",
            Boot = Text(root, "boot") ?? "",
            Version = Text(root, "version") ?? "",
            Executor = Text(root, "executor") ?? "",
            Models = [.. models.EnumerateArray().Select(ReadModel).OfType<ModelLoad>()],
        };
    }

    private static ModelLoad? ReadModel(JsonElement model)
    {
        if (model.ValueKind != JsonValueKind.Object || Text(model, "name") is not { } name || !Identifier.IsValid(name)) return null;
        if (Number(model, "quality") is not { } quality || quality is < 0 or > 2) return null;
        if (Number(model, "service-us") is not { } service || !IsTime(service) || Waits(model) is not { } waits) return null;
        var waiting = Number(model, "waiting") ?? 0;
        return new ModelLoad(name, Text(model, "version") ?? "", quality, waits, (long)service, waiting is >= 0 and < int.MaxValue ? (int)waiting : 0);
    }

    private static long[]? Waits(JsonElement model)
    {
        if (!model.TryGetProperty("wait-us", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != Priorities) return null;
        var waits = new long[Priorities];
        for (int i = 0; i < Priorities; i++)
        {
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt64(out waits[i]) || !IsTime(waits[i])) return null;
        }
        return waits;
    }

    private static bool IsTime(double microseconds) => microseconds is >= 0 and <= LongestMicroseconds;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaximumText } text ? text : null;

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}
