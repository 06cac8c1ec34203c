using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

// limits.memoryBytes: what all models in service may need. While a model is swapped, both of its versions are there; the one that goes does not count,
// be it of the same lane or of one that the configuration does not name any more.
internal sealed partial class ModelCatalog
{
    /// <summary>
    /// Has others give up their further rungs, then unloads them, least recently used first, until the best rung that can ever fit does. Further rungs of
    /// its own come later, where there is room for them beside all others.
    /// </summary>
    /// <returns>The settings, with that rung.</returns>
    private ModelSettings MakeRoom(CatalogEntry entry, InstalledBundle bundle, ModelSettings settings)
    {
        if (_settings.Limits.Memory is not { } limit) return settings;
        var others = _entries.Values.Where(other => other != entry && !MakesWay(other, entry) && other.Lane.Model is not null).ToList();
        var staying = new ByteCount(others.Where(other => !MayGo(other)).Sum(other => Memory(other) - Spare(other)));
        var rung = Rung(bundle, settings, new ByteCount(limit.Bytes - staying.Bytes))
            ?? throw OverBudget(entry, bundle, settings, staying, limit);
        long needed = MemoryBudget.Needed(rung).Bytes;
        string reason = $"it made room for model '{entry.Lane.Id}' (limits.memoryBytes)";
        bool IsFull() => needed + others.Sum(Memory) > limit.Bytes;
        foreach (var other in others.Where(other => Spare(other) > 0).OrderBy(other => other.Lane.LastUse).ToList())
            if (IsFull()) CloseSpare(other, reason);
        foreach (var other in others.Where(MayGo).OrderBy(other => other.Lane.LastUse).ToList())
            if (IsFull()) Unload(other, reason, returnsOnDemand: true);
        return settings with { Variant = rung.Id };
    }

    private Variant? Rung(InstalledBundle bundle, ModelSettings settings, ByteCount room)
    {
        long most = Math.Min(room.Bytes, settings.MemoryBudget?.Bytes ?? long.MaxValue);
        return LadderChoice.Candidates(bundle.Manifest, settings.Variant, _settings.Target.Name).FirstOrDefault(variant => MemoryBudget.Needed(variant).Bytes <= most);
    }

    private InferenceException OverBudget(CatalogEntry entry, InstalledBundle bundle, ModelSettings settings, ByteCount staying, ByteCount limit)
    {
        var needs = LadderChoice.Candidates(bundle.Manifest, settings.Variant, _settings.Target.Name).Select(variant => $"{MemoryBudget.Needed(variant)} for variant '{variant.Id}'");
        var own = settings.MemoryBudget is { } budget ? $", its own budget is {budget}" : "";
        return new InferenceException(InferenceError.OverBudget,
            $"model '{entry.Lane.Id}' needs {string.Join(" or ", needs)}; {staying} are taken by models that stay, of the {limit} for all (limits.memoryBytes){own}");
    }

    private static bool MakesWay(CatalogEntry other, CatalogEntry entry) => other.IsLeaving && other.Lane.Name == entry.Lane.Name;

    private static bool MayGo(CatalogEntry entry) => !entry.Settings.Pinned && !entry.Lane.IsBusy;

    private static long Memory(CatalogEntry entry) => entry.Lane.Model?.Memory.Bytes ?? 0;
}
