using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Device.Configuration;

/// <summary>Reads edge-runtime.json.</summary>
internal static class RuntimeConfig
{
    private const string Role = "device";

    /// <inheritdoc cref="ServingConfig.Load"/>
    public static ServingSettings Load(string path) => ServingConfig.Load(path, Role);
}
