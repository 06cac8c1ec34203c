using System.Globalization;
using System.Text.Json;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A bundle, and the key that it is signed with.</summary>
internal sealed record SignedBundle(string Model, string Path, string TrustedKey);

/// <summary>A device's root and configurations. Several devices may share the root, as processes of one machine do.</summary>
internal sealed class DeviceFolder(string folder, int brokerPort)
{
    public const string Fleet = "bench";

    private static int _devices;

    public string Root => Path.Combine(folder, "root");

    /// <summary>Writes a device's configuration.</summary>
    /// <returns>Its path.</returns>
    public string Configure(string device, DeviceConfig config)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, device + ".json");
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteString("fleet", Fleet);
        json.WriteString(config.IsServer ? "server" : "device", device);
        json.WriteString("root", Root);
        json.WriteStartObject("broker");
        json.WriteString("host", "127.0.0.1");
        json.WriteNumber("port", brokerPort);
        json.WriteEndObject();
        config.Write(json);
        json.WriteEndObject();
        return path;
    }

    /// <summary>A name that no retained state speaks of yet.</summary>
    public static string NewDevice() => string.Create(CultureInfo.InvariantCulture, $"dev-{Interlocked.Increment(ref _devices)}");
}
