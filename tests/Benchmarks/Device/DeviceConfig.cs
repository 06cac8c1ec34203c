using System.Text.Json;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>What a device under measurement is told, as edge-runtime.json says it.</summary>
internal sealed record DeviceConfig
{
    public IReadOnlyList<ServedBundle> Models { get; init; } = [];

    /// <summary>Null for no HTTP.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Whether it hands requests to servers.</summary>
    public bool Offloads { get; init; }

    /// <summary>Whether it is a server that devices ask.</summary>
    public bool IsServer { get; init; }

    /// <summary>What it looks at to know how it is; null for the machine's own, as devices do without being told.</summary>
    public SensorTree? Sensors { get; init; }

    public static DeviceConfig Of(SignedBundle? bundle) => new() { Models = bundle is null ? [] : [new ServedBundle(bundle)] };

    /// <summary>Writes what is not the same for every device of the bench.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Models.Count > 0) WriteModels(json);
        if (Offloads)
        {
            json.WriteStartObject("offload");
            json.WriteEndObject();
        }
        Sensors?.Write(json);
        if (HttpPort is not { } port) return;
        json.WriteStartObject("http");
        json.WriteNumber("port", port);
        json.WriteEndObject();
    }

    private void WriteModels(Utf8JsonWriter json)
    {
        json.WriteStartArray("models");
        foreach (var model in Models) WriteModel(json, model);
        json.WriteEndArray();
        json.WriteStartObject("trust");
        json.WriteStartArray("keys");
        foreach (var key in Models.Select(model => model.Bundle.TrustedKey).Distinct()) json.WriteStringValue(key);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ServedBundle model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Bundle.Model);
        json.WriteString("source", model.Bundle.Path);
        json.WriteNumber("threads", model.Threads);
        if (model.LatencyTarget is { } target) json.WriteNumber("latencyTargetMs", target.TotalMilliseconds);
        if (model.LargestBatch is { } largest)
        {
            json.WriteStartObject("batch");
            json.WriteNumber("max", largest);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
