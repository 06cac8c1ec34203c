using EdgeRuntime.Serving.Configuration;

namespace EdgeRuntime.Serving.Catalog;

// The configuration, read again while the device serves.
internal sealed partial class ModelCatalog
{
    private int _reloadAsked;

    /// <summary>
    /// Reads the configuration and makes the models be what it says: other bundles are swapped in, models that are new are loaded, those that are
    /// gone are drained. A configuration that cannot be used changes nothing, which the device's state then says.
    /// </summary>
    public async Task ReloadAsync(Func<ServingSettings> read)
    {
        if (Interlocked.Exchange(ref _reloadAsked, 1) != 0) return; // the one that waits will read what this one would
        try
        {
            await InTurnAsync(() =>
            {
                Volatile.Write(ref _reloadAsked, 0);
                return Reload(read);
            }, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _parts.Log.Debug("device", "closed before the configuration was read again");
        }
    }

    private bool Reload(Func<ServingSettings> read)
    {
        try
        {
            Apply(read());
            _lanes.Complaint = null;
        }
        catch (Exception error) when (error is ConfigException or IOException or UnauthorizedAccessException)
        {
            _lanes.Complaint = $"the configuration was not taken over: {error.Message.ReplaceLineEndings("; ")}";
            _parts.Log.Error("device", _lanes.Complaint);
        }
        _parts.Changed();
        return _lanes.Complaint is null;
    }

    private void Apply(ServingSettings next)
    {
        _parts.Log.Info("device", "reading the configuration again");
        TellWhatNeedsAStart(next);
        _settings = _settings with { Models = next.Models, Trust = next.Trust, Limits = _settings.Limits with { Memory = next.Limits.Memory, HangGrace = next.Limits.HangGrace } };
        Follow(next.Models);
        foreach (var entry in InOrder(next.Models.Select(model => _entries[model.Slot.ToString()])))
        {
            if (_closing.IsCancellationRequested) return;
            if (!entry.UnloadedOnRequest) Load(entry, new LoadManner(InBackground: true, Tests: true));
        }
        SettleAll();
        Tidy();
        foreach (var entry in _entries.Values) Adjust(entry, TimeSpan.Zero);
    }

    // What is gone by name makes room first. What other versions take the place of serves until they do.
    private void Follow(IReadOnlyList<ModelSettings> models)
    {
        var wanted = models.ToDictionary(model => model.Slot.ToString(), StringComparer.Ordinal);
        foreach (var entry in _entries.Values) entry.IsLeaving = !wanted.ContainsKey(entry.Lane.Id);
        foreach (var entry in _entries.Values.Where(entry => models.All(model => model.Name != entry.Lane.Name)).ToList()) Remove(entry);
        foreach (var (id, model) in wanted)
        {
            if (!_entries.TryGetValue(id, out var entry)) entry = AddWhileServing(model);
            entry.Settings = model;
            entry.Lane.Configure(model);
        }
        SettleAll();
    }

    private CatalogEntry AddWhileServing(ModelSettings model)
    {
        lock (_workers) return Add(model);
    }

    private void Remove(CatalogEntry entry)
    {
        Unload(entry, "the configuration does not name it any more", returnsOnDemand: false);
        _lanes.Remove(entry.Lane);
        entry.Lane.Close();
        lock (_workers) _entries.Remove(entry.Lane.Id);
        _journal?.Release(entry.Lane.Id);
        _parts.Removed(entry.Lane);
        _parts.Changed();
    }

    private void TellWhatNeedsAStart(ServingSettings next)
    {
        var fixedLimits = next.Limits with { Memory = _settings.Limits.Memory, HangGrace = _settings.Limits.HangGrace };
        (string Section, bool Differs)[] sections =
        [
            ("fleet", next.Fleet != _settings.Fleet), (next.Role, next.Name != _settings.Name), ("root", next.Root != _settings.Root),
            ("target", next.Target.Name != _settings.Target.Name), ("broker", next.Broker != _settings.Broker), ("limits", fixedLimits != _settings.Limits),
            ("log", next.Log != _settings.Log),
        ];
        var differing = sections.Where(section => section.Differs).Select(section => section.Section).ToList();
        if (differing.Count > 0) _parts.Log.Warning("device", $"{string.Join(", ", differing)} changed in the configuration: in force after a restart");
    }
}
