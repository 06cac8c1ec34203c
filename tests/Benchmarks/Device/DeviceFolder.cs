using System.Globalization;
using System.Text.Json;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A bundle, and the key that it is signed with.</summary>
internal sealed record SignedBundle(string Model, string Path, string TrustedKey);

/// <summary>A device's root and configurations. Several devices may share the root, as processes of one machine do.</summary>
internal sealed class DeviceFolder(string folder, int brokerPort)
{
    public const string Fleet = "bench";

    public string Root => Path.Combine(folder, "root");

    /// <summary>Writes the configuration of a device that serves one bundle, or nothing.</summary>
    /// <returns>Its path.</returns>
    public string Configure(string device, SignedBundle? bundle)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, device + ".json");
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteString("fleet", Fleet);
        json.WriteString("device", device);
        json.WriteString("root", Root);
        json.WriteStartObject("broker");
        json.WriteString("host", "127.0.0.1");
        json.WriteNumber("port", brokerPort);
        json.WriteEndObject();
        if (bundle is not null) Serve(json, bundle);
        json.WriteEndObject();
        return path;
    }

    private static void Serve(Utf8JsonWriter json, SignedBundle bundle)
    {
        json.WriteStartArray("models");
        json.WriteStartObject();
        json.WriteString("name", bundle.Model);
        json.WriteString("source", bundle.Path);
        json.WriteNumber("threads", BenchRun.Threads);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("trust");
        json.WriteStartArray("keys");
        json.WriteStringValue(bundle.TrustedKey);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A name that no retained state speaks of yet.</summary>
    public static string NewDevice() => string.Create(CultureInfo.InvariantCulture, $"dev-{Interlocked.Increment(ref _devices)}");

    private static int _devices;
}
