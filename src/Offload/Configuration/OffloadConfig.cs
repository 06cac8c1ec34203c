using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Offload.Configuration;

/// <summary>Reads edge-offload.json.</summary>
internal static class OffloadConfig
{
    private const string Role = "server";

    /// <inheritdoc cref="ServingConfig.Load"/>
    public static OffloadSettings Load(string path)
    {
        string pool = "";
        var serving = ServingConfig.Load(path, Role, (root, _) =>
        {
            pool = root.OptionalIdentifier("pool") ?? OffloadSettings.UsualPool;
            if (!root.Has("broker")) root.Problem("broker", "is missing: devices reach a server by no other way");
        });
        return new OffloadSettings { Serving = serving, Pool = pool };
    }
}
