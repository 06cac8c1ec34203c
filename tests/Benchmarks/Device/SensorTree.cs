using System.Text.Json;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A /proc and a /sys of the bench's own, in place of the machine's.</summary>
/// <param name="Root">Where they lie.</param>
/// <param name="IsWatched">Whether the device looks at them at all.</param>
internal sealed record SensorTree(string Root, bool IsWatched = true)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("sensors");
        json.WriteBoolean("enabled", IsWatched);
        json.WriteString("root", Root);
        json.WriteEndObject();
    }
}
