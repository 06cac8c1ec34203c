using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

// The rungs of a model beside the one that it came into service with: opened in the background where there is room, closed where a cap frees memory.
internal sealed partial class ModelCatalog
{
    private static readonly TimeSpan ClosesAfter = TimeSpan.FromSeconds(1);

    private void Capped(CatalogEntry entry)
    {
        var cap = entry.Lane.Cap;
        string rung = entry.Lane.Rung?.Id ?? "none";
        _parts.Log.Info(entry.Lane.Id, cap.Index == 0 ? $"every rung may be used again, variant {rung} is the best that is open" : $"no better rung than variant {rung} is used: {cap.Reason}");
        _parts.Changed();
        Adjust(entry, cap is { FreesMemory: true, Index: > 0 } ? ClosesAfter : TimeSpan.Zero);
    }

    /// <summary>Has the rungs of a model be what its cap and the memory allow, before long; nobody waits for it.</summary>
    private void Adjust(CatalogEntry entry, TimeSpan after)
    {
        if (entry.Lane.Model is { Ladder.Count: > 1 } && entry.TryAdjust()) _ = Task.Run(() => AdjustAsync(entry, after));
    }

    private void AdjustOthers(CatalogEntry entry)
    {
        CatalogEntry[] others;
        lock (_workers) others = [.. _entries.Values.Where(other => other != entry)];
        foreach (var other in others) Adjust(other, TimeSpan.Zero);
    }

    // A turn for each rung: other changes come between.
    private Task AdjustAsync(CatalogEntry entry, TimeSpan after) => WhileOpenAsync(entry, "before its rungs were adjusted", async () =>
    {
        await Task.Delay(after, _parts.Time, _closing.Token).ConfigureAwait(false);
        entry.Adjusts(); // what is asked for from now on is not seen by this one
        while (await InTurnAsync(() => Step(entry), _closing.Token).ConfigureAwait(false)) await PreparedAsync(entry).ConfigureAwait(false);
    });

    // One form is built at a time, unless the memory that a better rung holds is wanted now.
    private async Task PreparedAsync(CatalogEntry entry)
    {
        if (entry.Lane is not { Cap.Index: 0, Model: { } model }) return;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        await Task.WhenAny(Task.WhenAll(model.Rungs.Select(rung => rung.Shared?.Variant.Specialised ?? Task.CompletedTask)), Task.Delay(ModelInstaller.LongestPreparation, _parts.Time, late.Token)).ConfigureAwait(false);
        await late.CancelAsync().ConfigureAwait(false);
        _closing.Token.ThrowIfCancellationRequested();
    }

    // One rung opened or closed; false where all are as they should be.
    private bool Step(CatalogEntry entry)
    {
        if (entry.Lane is not { Standing.State: ModelState.Ready, Model: { } model } lane) return false;
        int best = lane.Cap is { FreesMemory: true } cap ? Math.Min(cap.Index, model.Ladder.Count - 1) : 0;
        bool isSafe = model.Rungs.Any(rung => rung.Index >= best);
        if (isSafe && model.Rungs.FirstOrDefault(rung => rung.Index < best) is { } unwanted) return Close(entry, model, unwanted, lane.Cap.Reason);
        return model.Ladder.FirstOrDefault(rung => rung.Index >= best && rung is { IsOpen: false, HasFailed: false } && (!isSafe || HasRoom(entry, model, rung))) is { } wanted && Open(entry, model, wanted);
    }

    private bool HasRoom(CatalogEntry entry, ServedModel model, ServedRung rung)
    {
        long needed = rung.Memory.Bytes;
        if (entry.Settings.MemoryBudget is { } own && model.Memory.Bytes + needed > own.Bytes) return false;
        return _settings.Limits.Memory is not { } limit || _entries.Values.Sum(Memory) + needed <= limit.Bytes;
    }

    private bool Open(CatalogEntry entry, ServedModel model, ServedRung rung)
    {
        var lane = entry.Lane;
        lane.Journal.Mark(CrashMark.Loading, true);
        try
        {
            var variant = Installer().OpenRung(entry.Settings.Slot, model, rung);
            Prepare(lane, variant);
            if (!model.TryAdd(rung, variant)) return false;
            _parts.Log.Info(lane.Id, $"{model.Version}: variant {rung.Id} in service as well, {variant.Form}, {variant.Provider}");
        }
        catch (Exception error) when (error is InferenceException or BundleException or IOException or UnauthorizedAccessException)
        {
            rung.HasFailed = true;
            _parts.Log.Error(lane.Id, $"variant '{rung.Id}' is not opened, the others serve: {error.Message}");
        }
        finally
        {
            lane.Journal.Mark(CrashMark.Loading, false);
        }
        lane.NoteRungs(model);
        _parts.Changed();
        return true;
    }

    private bool Close(CatalogEntry entry, ServedModel model, ServedRung rung, string reason)
    {
        if (!model.TryClose(rung)) return false;
        entry.Lane.NoteRungs(model);
        FreedMemory.Return();
        _parts.Log.Info(entry.Lane.Id, $"{model.Version}: variant {rung.Id} closed: {reason}");
        _parts.Changed();
        return true;
    }

    private static void Prepare(ModelLane lane, ServedVariant variant)
    {
        lane.Journal.Mark(CrashMark.Preparing, true);
        _ = variant.Specialised.ContinueWith(_ => lane.Journal.Mark(CrashMark.Preparing, false), TaskScheduler.Default);
    }

    /// <summary>What a model could give up without going out of service: all but the best rung that may be used.</summary>
    private static long Spare(CatalogEntry entry) => entry.Lane is { Model: { } model, Rung: { } best } ? model.Memory.Bytes - best.Memory.Bytes : 0;

    private void CloseSpare(CatalogEntry entry, string reason)
    {
        if (entry.Lane is not { Model: { } model, Rung: { } best }) return;
        foreach (var rung in model.Rungs.Where(rung => rung != best)) Close(entry, model, rung, reason);
    }
}
