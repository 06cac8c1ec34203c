using System.Text.Json;
using EdgeRuntime.Device.Serving;

namespace EdgeRuntime.Device.State;

/// <summary>The retained documents of a device: what it is doing (<c>state</c>) and what it serves (<c>models</c>). Formats: docs/formats/device.md.</summary>
internal sealed class DeviceStatus(string device, string version, string bootId)
{
    public const string Online = "online", Degraded = "degraded", Offline = "offline";

    /// <summary>The state's document.</summary>
    public byte[] State(string state, string reason) => Write(json =>
    {
        json.WriteString("device", device);
        json.WriteString("state", state);
        json.WriteString("reason", reason);
        json.WriteString("boot", bootId);
        json.WriteString("version", version);
    });

    /// <summary>Degraded where a model failed to load or serves an older bundle than its source, with the reasons; online otherwise.</summary>
    public byte[] State(ModelLanes lanes)
    {
        var wrong = lanes.All.Where(lane => lane.HasFailed || lane.Complaint is not null).Select(lane => $"model '{lane.Name}': {lane.Complaint ?? lane.Reason}").ToList();
        return wrong.Count == 0 ? State(Online, "") : State(Degraded, string.Join("; ", wrong));
    }

    public static byte[] Models(ModelLanes lanes) => Write(json =>
    {
        json.WriteStartArray("models");
        foreach (var lane in lanes.All) Model(json, lane);
        json.WriteEndArray();
    });

    private static void Model(Utf8JsonWriter json, ModelLane lane)
    {
        json.WriteStartObject();
        json.WriteString("name", lane.Name);
        json.WriteString("state", lane.State);
        if (lane.Model is { } model) Served(json, model);
        else json.WriteString("reason", lane.Reason);
        json.WriteEndObject();
    }

    private static void Served(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteString("version", model.Version);
        json.WriteString("digest", model.Bundle.Digest.ToString());
        json.WriteString("variant", model.Variant.Id);
        json.WriteString("form", model.Variant.Form.ToString().ToLowerInvariant());
        json.WriteString("provider", model.Variant.Provider);
        json.WriteStartArray("ladder");
        foreach (var variant in model.Bundle.Manifest.Variants)
        {
            json.WriteStartObject();
            json.WriteString("id", variant.Id);
            json.WriteString("precision", variant.Precision);
            if (variant.Quality is { } quality) json.WriteNumber("quality", quality.Relative);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
