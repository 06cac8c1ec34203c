using EdgeRuntime.Bundles;

namespace EdgeRuntime.Device.Configuration;

// The section models.
internal static partial class RuntimeConfig
{
    private static ModelSettings Model(ConfigSection section, string folder)
    {
        var target = section.Whole("latencyTargetMs", 0, 1, 600_000);
        var settings = new ModelSettings
        {
            Name = section.RequiredIdentifier("name"),
            Source = FileIn(section, "source", folder),
            Variant = section.Text("variant") ?? ModelSettings.BestVariant,
            Threads = (int)section.Whole("threads", 0, 1, 256),
            MemoryBudget = Bytes(section, "memoryBudgetBytes"),
            Pinned = section.Flag("pinned", false),
            CheckFinite = section.Flag("checkFinite", true),
            LatencyTarget = target == 0 ? null : TimeSpan.FromMilliseconds(target),
            BatchMost = BatchMost(section.Section("batch")),
            Weight = (int)section.Whole("weight", 1, 1, 100),
        };
        if (!Identifier.IsValidVariant(settings.Variant)) section.Problem("variant", $"'{Identifier.Quote(settings.Variant)}' is neither a variant's id nor '{ModelSettings.BestVariant}'");
        section.Close();
        return settings;
    }

    private static int BatchMost(ConfigSection? section)
    {
        if (section is null) return ModelSettings.UsualBatch;
        var most = (int)section.Whole("max", ModelSettings.UsualBatch, 1, 64);
        section.Close();
        return most;
    }

    private static void Distinct(ConfigSection root, List<ModelSettings> models)
    {
        foreach (var name in models.GroupBy(model => model.Name).Where(group => group.Count() > 1))
            root.Problem("models", $"names '{name.Key}' {name.Count()} times");
    }

    /// <summary>A limit of memory; null where there is none.</summary>
    private static ByteCount? Bytes(ConfigSection section, string name)
    {
        long bytes = section.Whole(name, 0, 1 << 20, 1L << 44);
        return bytes == 0 ? null : new ByteCount(bytes);
    }
}
