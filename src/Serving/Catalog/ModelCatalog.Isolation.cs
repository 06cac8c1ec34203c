using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

// What a broken model comes to: quarantine, a new worker in place of one that is lost, another try after a while.
internal sealed partial class ModelCatalog
{
    private const int MostLost = 8, MostEnds = 2;

    private readonly CrashJournal? _journal;
    private int _lost;

    /// <summary>Runs that were given up since the start; each holds a thread.</summary>
    public int LostRuns => Volatile.Read(ref _lost);

    // Without it the device serves all the same: it only would not know whom to suspect.
    private CrashJournal? OpenJournal()
    {
        try
        {
            return CrashJournal.Open(_settings.Root, CrashJournal.BootId, _parts.Time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _parts.Log.Warning("device", $"no crash journal: {error.Message}");
            return null;
        }
    }

    /// <summary>Whether a model is suspected of having ended the process before, and so waits until the others serve.</summary>
    private bool IsSuspect(CatalogEntry entry)
    {
        int ends = _journal?.Ends(entry.Lane.Id) ?? 0;
        if (ends < MostEnds) return false;
        var wait = entry.Backoff.AfterCrash(ends - MostEnds);
        string reason = $"it was busy when the process ended, {ends} times in a row within 10 minutes each";
        entry.Lane.Quarantine(reason, After(wait));
        Quarantined(entry, reason, wait);
        return true;
    }

    // A rung is closed alone while others serve.
    private void Break(CatalogEntry entry, ServedRung rung, string reason)
    {
        if (entry.Lane.Model is not { } model || !model.Rungs.Contains(rung) || !model.TryClose(rung))
        {
            Break(entry, reason, isProven: false);
            return;
        }
        (rung.HasFailed, rung.IsSuspect) = (true, true);
        entry.Lane.NoteRungs(model);
        var wait = entry.Backoff.Next(isProven: model.Bundle.Manifest.Golden.Count == 0);
        _parts.Log.Error(entry.Lane.Id, $"variant '{rung.Id}' closed for {wait.TotalSeconds:f1} s, the others serve: {reason}");
        _parts.Changed();
        _ = RetryAsync(entry, rung, wait);
    }

    private Task RetryAsync(CatalogEntry entry, ServedRung rung, TimeSpan wait) => WhileOpenAsync(entry, $"while variant '{rung.Id}' was closed", async () =>
    {
        await Task.Delay(wait, _parts.Time, _closing.Token).ConfigureAwait(false);
        rung.HasFailed = false;
        Adjust(entry, TimeSpan.Zero);
    });

    private void Break(CatalogEntry entry, string reason, bool isProven)
    {
        var wait = entry.Backoff.Next(isProven || entry.Lane.Model?.Bundle.Manifest.Golden.Count == 0);
        entry.Lane.Quarantine(reason, After(wait));
        Quarantined(entry, reason, wait);
    }

    // Called on the thread pool: a worker's run did not end within its deadline and its grace. The worker touches nothing from here on.
    private void GiveUp(CatalogEntry entry)
    {
        var lane = entry.Lane;
        var turn = entry.Worker.Turn;
        string reason = $"a run did not end within {_settings.Limits.HangGrace.TotalMilliseconds} ms of its deadline (limits.hangMs)";
        // Before there is another worker: it must find neither the server that hangs nor the turn on the cores that the lost one held.
        lane.Journal.Mark(CrashMark.Running, false);
        var hung = turn.Server;
        Isolate(entry, hung, reason);
        lane.GiveUpRun();
        int lost = Interlocked.Increment(ref _lost);
        lock (_workers) entry.Worker = Worker(lane, entry.Settings);
        turn.GiveUp(_parts.Dismissal, lane.Name, new Outcome(RefusalReason.Hung, $"the deadline passed while the model ran, and {reason}"));
        _parts.Log.Error(lane.Id, $"{reason}: its thread and its memory are given up, {lost} of at most {MostLost} until this process is started anew");
        if (lost >= MostLost) _parts.Exhausted($"{lost} runs hung");
        hung?.Abandon(); // last, since it waits a while for the run: nobody's answer may
    }

    private void Isolate(CatalogEntry entry, SharedServer? hung, string reason)
    {
        if (hung is null) return;
        var wait = entry.Backoff.Next(isProven: true);
        if (entry.Lane.Abandon(hung, reason, After(wait))) Quarantined(entry, reason, wait);
    }

    private void Quarantined(CatalogEntry entry, string reason, TimeSpan wait)
    {
        _parts.Log.Error(entry.Lane.Id, $"quarantined for {wait.TotalSeconds:f1} s: {reason}");
        _parts.Changed();
        _ = ReopenAsync(entry, wait);
    }

    private Task ReopenAsync(CatalogEntry entry, TimeSpan wait) => WhileOpenAsync(entry, "while it was in quarantine", async () =>
    {
        await Task.Delay(wait, _parts.Time, _closing.Token).ConfigureAwait(false);
        await InTurnAsync(() => Reopen(entry), _closing.Token).ConfigureAwait(false);
    });

    // What goes on in the background, to the end or until the device closes.
    private async Task WhileOpenAsync(CatalogEntry entry, string when, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            _parts.Log.Debug(entry.Lane.Id, $"the device closed {when}");
        }
    }

    private bool Reopen(CatalogEntry entry)
    {
        if (entry.Lane.Standing.State != ModelState.Quarantined) return false; // a newer version serves, or it was unloaded
        var outcome = Load(entry, new LoadManner(InBackground: true, Tests: true));
        if (entry.Lane.Standing.State == ModelState.Quarantined) Break(entry, outcome.Error ?? "it could not be opened again", isProven: true);
        return true;
    }

    private long After(TimeSpan wait) => _parts.Time.GetTimestamp() + (long)(wait.TotalSeconds * _parts.Time.TimestampFrequency);
}
