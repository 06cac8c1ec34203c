using System.Globalization;
using System.Text.Json;
using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Device.State;

/// <summary>The retained documents of a device: what it is doing (<c>state</c>) and what it serves (<c>models</c>). Formats: docs/formats/device.md.</summary>
internal sealed class DeviceStatus(string device, string version, string bootId)
{
    public const string Online = "online", Degraded = "degraded", Offline = "offline";

    /// <summary>The state's document.</summary>
    public byte[] State(string state, string reason, ConditionReport? condition = null) => JsonDocuments.Object(json =>
    {
        json.WriteString("device", device);
        json.WriteString("state", state);
        json.WriteString("reason", reason);
        json.WriteString("boot", bootId);
        json.WriteString("version", version);
        if (condition is null) return;
        json.WriteString("condition", condition.StateName);
        json.WriteString("conditionReason", condition.Reason);
    }).ToArray();

    /// <summary>
    /// Degraded where a model failed, is quarantined or serves an older bundle than its source, and where the device's sensors keep it from its better rungs,
    /// with the reasons; online otherwise.
    /// </summary>
    public byte[] State(ModelLanes lanes, ConditionReport? condition = null)
    {
        var wrong = lanes.All.Select(lane => (lane.Id, lane.Standing)).Where(model => model.Standing.IsWrong)
            .Select(model => $"model '{model.Id}': {model.Standing.Complaint ?? model.Standing.Reason}").ToList();
        if (lanes.Complaint is { } complaint) wrong.Insert(0, complaint);
        if (condition is { State: not Condition.Normal }) wrong.Insert(0, condition.Reason);
        return wrong.Count == 0 ? State(Online, "", condition) : State(Degraded, string.Join("; ", wrong), condition);
    }

    public static byte[] Models(ModelLanes lanes) => JsonDocuments.Object(json =>
    {
        json.WriteStartArray("models");
        foreach (var lane in lanes.All) Model(json, lane, isDefault: lanes.Find(lane.Name)?.Default == lane);
        json.WriteEndArray();
    }).ToArray();

    private static void Model(Utf8JsonWriter json, ModelLane lane, bool isDefault)
    {
        var standing = lane.Standing;
        json.WriteStartObject();
        json.WriteString("name", lane.Name);
        json.WriteString("state", lane.State);
        if (standing.Since is { } since) json.WriteString("since", since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if ((standing.Complaint ?? standing.Reason) is { Length: > 0 } reason) json.WriteString("reason", reason);
        if ((standing.Model?.Version ?? lane.Slot.Version) is { } version) json.WriteString("version", version);
        json.WriteBoolean("default", isDefault);
        if (standing.Model is { } model) Served(json, model, lane.Cap);
        json.WriteEndObject();
    }

    private static void Served(Utf8JsonWriter json, ServedModel model, RungCap cap)
    {
        string rung = model.Usable(cap.Index).Id;
        json.WriteString("digest", model.Bundle.Digest.ToString());
        json.WriteString("variant", model.Variant.Id);
        json.WriteString("form", model.Variant.Form.ToString().ToLowerInvariant());
        json.WriteString("provider", model.Variant.Provider);
        json.WriteString("rung", rung);
        json.WriteString("cap", cap.Index > 0 ? cap.Reason : "");
        json.WriteStartArray("ladder");
        foreach (var variant in model.Bundle.Manifest.Variants)
        {
            json.WriteStartObject();
            json.WriteString("id", variant.Id);
            json.WriteString("precision", variant.Precision);
            if (variant.Quality is { } quality) json.WriteNumber("quality", quality.Relative);
            json.WriteBoolean("open", model.Rungs.Any(open => open.Id == variant.Id));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
