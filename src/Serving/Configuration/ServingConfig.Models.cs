using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Configuration;

// The section models.
internal static partial class ServingConfig
{
    private static ModelSettings Model(ConfigSection section, string folder, Func<ConfigSection, ModelSettings, ModelSettings>? more)
    {
        var target = section.Whole("latencyTargetMs", 0, 1, 600_000);
        var settings = new ModelSettings
        {
            Name = section.RequiredIdentifier("name"),
            Version = section.OptionalIdentifier("version"),
            IsDefault = section.Flag("default", false),
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
        if (more is not null) settings = more(section, settings);
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

    /// <summary>
    /// Says of each name which of its versions is the default: the one that says so, else the one without a version. A name of one entry has no choice.
    /// </summary>
    private static List<ModelSettings> WithDefaults(ConfigSection root, List<ModelSettings> models)
    {
        foreach (var slot in models.GroupBy(model => model.Slot).Where(group => group.Count() > 1))
            root.Problem("models", $"names '{slot.Key}' {slot.Count()} times{(slot.Key.IsPinned ? "" : ": beside an entry without version, give the others one")}");
        var defaults = models.GroupBy(model => model.Name).ToDictionary(group => group.Key, group => Default(root, [.. group]));
        return [.. models.Select(model => model with { IsDefault = model.Slot == defaults[model.Name] })];
    }

    private static BundleSlot? Default(ConfigSection root, IReadOnlyList<ModelSettings> versions)
    {
        if (versions.Count == 1) return versions[0].Slot;
        var said = versions.Where(model => model.IsDefault).ToList();
        if (said.Count > 1) root.Problem("models", $"has {said.Count} defaults of '{versions[0].Name}', one is allowed");
        if (said.Count > 0) return said[0].Slot;
        if (versions.Any(model => model.Version is null)) return new BundleSlot(versions[0].Name);
        root.Problem("models", $"pins {versions.Count} versions of '{versions[0].Name}' and says of none that it is the default: give one \"default\": true");
        return null;
    }

    /// <summary>A limit of memory; null where there is none.</summary>
    private static ByteCount? Bytes(ConfigSection section, string name)
    {
        long bytes = section.Whole(name, 0, 1 << 20, 1L << 44);
        return bytes == 0 ? null : new ByteCount(bytes);
    }
}
