using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

// Loading, swapping and unloading; all of it in the catalog's turn.
internal sealed partial class ModelCatalog
{
    private Outcome Load(CatalogEntry entry, LoadManner manner)
    {
        var outcome = entry.Settings.IsServedHere ? BringIn(entry, manner) : StandAside(entry);
        Settle(entry.Lane.Name);
        return outcome;
    }

    private Outcome BringIn(CatalogEntry entry, LoadManner manner)
    {
        var lane = entry.Lane;
        lane.Begin();
        lane.Journal.Mark(CrashMark.Loading, true);
        _parts.Changed();
        try
        {
            var model = Installer().Load(Order(entry, manner), out var complaint);
            if (model is null) lane.Complain(complaint);
            else Serve(entry, model, complaint);
            return complaint is null ? Outcome.Ok : new Outcome(RefusalReason.NotInService, complaint);
        }
        catch (Exception error) when (error is BundleException or InferenceException or IOException or UnauthorizedAccessException)
        {
            lane.Fail(error.Message);
            _parts.Log.Error(lane.Id, error.Message);
            return new Outcome(error is InferenceException { Error: InferenceError.OverBudget } ? RefusalReason.Memory : RefusalReason.NotInService, error.Message);
        }
        finally
        {
            lane.Journal.Mark(CrashMark.Loading, false);
            _parts.Changed();
        }
    }

    // Another host has it alone: nothing of it is loaded here, and what an earlier configuration had loaded goes.
    private Outcome StandAside(CatalogEntry entry)
    {
        const string Why = "it is another host's alone (executor)";
        if (entry.Lane.Standing.State != ModelState.Unloaded) Unload(entry, Why, returnsOnDemand: false);
        return new Outcome(RefusalReason.NotInService, $"model '{entry.Lane.Id}' is not loaded here: {Why}");
    }

    private void Serve(CatalogEntry entry, ServedModel model, string? complaint)
    {
        var before = entry.Lane.Model;
        ModelServer server;
        try
        {
            server = _parts.Server(entry.Lane, model);
            if (before is not null && entry.Settings.BatchMost > 1) Rehearse(server, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
        Prepare(entry.Lane, model.Variant);
        if (!entry.Lane.Serve(model, complaint, server)) return;
        entry.Lane.NoteUse();
        _parts.Log.Info(entry.Lane.Id, $"{model.Version} in service{(before is null ? "" : $" in place of {before.Version}")}: variant {model.Variant.Id}, {model.Variant.Form}, {model.Variant.Provider}");
        Adjust(entry, TimeSpan.Zero);
    }

    // While another one serves, which must not feel it.
    private static void Rehearse(ModelServer server, ServedModel model) =>
        ModelInstaller.Within(model.Bundle.Manifest, "a run with several requests", BackgroundWork.RunAsync("rehearse", () => { server.Rehearse(); return true; }));

    private void Unload(CatalogEntry entry, string reason, bool returnsOnDemand)
    {
        var lane = entry.Lane;
        if (lane.Drain(reason, returnsOnDemand))
        {
            _parts.Changed();
            if (!SpinWait.SpinUntil(() => !lane.IsBusy, _settings.Limits.Drain))
                _parts.Log.Warning(lane.Id, $"requests still wait after {_settings.Limits.Drain.TotalSeconds} s (limits.drainMs): they are told so");
            lane.Unload();
        }
        FreedMemory.Return();
        _parts.Log.Info(lane.Id, $"out of service: {reason}");
        _parts.Changed();
        AdjustOthers(entry);
    }

    // A request came for a model that made room for others.
    private void Want(CatalogEntry entry)
    {
        if (entry.TryWant()) _ = Task.Run(() => LoadWantedAsync(entry));
    }

    private async Task LoadWantedAsync(CatalogEntry entry)
    {
        try
        {
            await InTurnAsync(() => LoadWanted(entry), _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _parts.Log.Debug(entry.Lane.Id, "the device closed before it was loaded");
        }
        finally
        {
            entry.NotWanted();
        }
    }

    // Where there is no room now, there may be at the next request.
    private Outcome LoadWanted(CatalogEntry entry)
    {
        if (entry.Lane.Standing is not { State: ModelState.Unloaded, ReturnsOnDemand: true }) return Outcome.Ok; // loaded meanwhile, unloaded on request, or gone
        var outcome = Load(entry, new LoadManner(InBackground: true));
        if (outcome.Status == InferenceStatus.ResourceExhausted) entry.Lane.Drain(outcome.Error!, returnsOnDemand: true);
        return outcome;
    }

    private LoadOrder Order(CatalogEntry entry, LoadManner manner) => new()
    {
        Settings = entry.Settings,
        Closing = _closing.Token,
        InService = entry.Lane.Model,
        InBackground = manner.InBackground,
        Tests = manner.Tests,
        MakeRoom = (bundle, settings) => MakeRoom(entry, bundle, settings),
        IsKept = IsConfigured,
        Serving = new ServingOptions
        {
            Time = _parts.Time,
            Log = _parts.Told,
            HangGrace = _settings.Limits.HangGrace,
            Hung = () => GiveUp(entry),
        },
    };

    private ModelInstaller Installer() => new(_store, _settings.Trust ?? throw new BundleException(BundleError.NoTrust, "no trusted keys are configured"),
        _settings.Target, _parts.Cache, _parts.Trial, _parts.Log);
}
