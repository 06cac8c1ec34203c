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
        ClusterSettings? cluster = null;
        var serving = ServingConfig.Load(path, Role, (root, folder) =>
        {
            pool = root.OptionalIdentifier("pool") ?? OffloadSettings.UsualPool;
            cluster = ExecutorConfig.Read(root.Section("executor"), folder);
            if (!root.Has("broker")) root.Problem("broker", "is missing: devices reach a server by no other way");
        }, (section, model) => ExecutorConfig.OfModel(section, model, cluster is not null));
        return new OffloadSettings { Serving = serving, Pool = pool, Cluster = cluster };
    }
}
