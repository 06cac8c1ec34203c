using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Catalog;

// Several versions of one model: which is the default, and how one takes another's place.
internal sealed partial class ModelCatalog
{
    private void SettleAll()
    {
        foreach (var name in _entries.Values.Select(entry => entry.Lane.Name).Distinct().ToList()) Settle(name);
    }

    /// <summary>
    /// The default becomes what the configuration says as soon as that serves, or where nothing would be lost by it: until then the one before stays,
    /// even where the configuration does not name it any more. Others that it does not name go.
    /// </summary>
    private void Settle(string name)
    {
        var entries = _entries.Values.Where(entry => entry.Lane.Name == name).ToList();
        if (_lanes.Find(name) is not { } versions || entries.FirstOrDefault(static entry => entry is { IsLeaving: false, Settings.IsDefault: true }) is not { } wanted) return;
        if (wanted.Lane != versions.Default && (IsReady(wanted) || wanted.UnloadedOnRequest || versions.Default.Standing.State != ModelState.Ready)) MakeDefault(wanted);
        foreach (var entry in entries.Where(entry => entry.IsLeaving && _lanes[name] != entry.Lane)) Remove(entry);
    }

    // What is only in the store comes before sources: those may push it out of the place that it is in until it has its own.
    private static List<CatalogEntry> InOrder(IEnumerable<CatalogEntry> entries) =>
        [.. entries.OrderByDescending(static entry => entry.Settings is { Version: not null, Source: null })];

    private static bool IsReady(CatalogEntry entry) => entry.Lane.Standing.State == ModelState.Ready;

    private void MakeDefault(CatalogEntry entry)
    {
        _lanes.MakeDefault(entry.Lane);
        _parts.Log.Info(entry.Lane.Id, $"answers requests for '{entry.Lane.Name}' that name no version");
        _parts.Changed();
    }

    private bool IsConfigured(BundleSlot slot) => _entries.ContainsKey(slot.ToString());

    /// <summary>Versions that are not served any more leave the disk; where that cannot be now, it is done the next time.</summary>
    private void Tidy()
    {
        try
        {
            if (_store.Slots.Any(slot => slot.IsPinned && !IsConfigured(slot))) _store.RemoveUnused(IsConfigured);
        }
        catch (BundleException error)
        {
            _parts.Log.Warning("device", $"bundles of versions that are not served any more stay: {error.Message}");
        }
    }
}
