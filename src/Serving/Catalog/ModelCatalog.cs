using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>
/// The models of a device through their lives: loaded, swapped, unloaded, quarantined. One change at a time, however many are asked for; requests
/// go on meanwhile, and a change that fails leaves what is in service there. Owns lanes' workers and models. Thread-safe.
/// </summary>
internal sealed partial class ModelCatalog : IDisposable
{
    private readonly CatalogParts _parts;
    private readonly ModelLanes _lanes;
    private readonly BundleStore _store;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _workers = new();
    private readonly Dictionary<string, CatalogEntry> _entries = new(StringComparer.Ordinal);
    private volatile ServingSettings _settings;

    /// <param name="settings">The models; each has its lane and its worker from now on.</param>
    /// <param name="lanes">Takes the lanes.</param>
    /// <param name="parts">The rest.</param>
    public ModelCatalog(ServingSettings settings, ModelLanes lanes, CatalogParts parts)
    {
        (_settings, _lanes, _parts, _store) = (settings, lanes, parts, new BundleStore(settings.Root));
        _journal = OpenJournal();
        foreach (var model in settings.Models) Add(model);
        SettleAll();
    }

    /// <summary>Loads all models, one after the other.</summary>
    public Task StartAsync(CancellationToken stop) => InTurnAsync(() =>
    {
        foreach (var entry in InOrder(_entries.Values))
            if (!stop.IsCancellationRequested && !IsSuspect(entry)) Load(entry, new LoadManner());
        Tidy();
        return true;
    }, CancellationToken.None);

    /// <summary>Brings a version of a model into service, all of them where none is named, or looks whether its source holds another bundle by now.</summary>
    public Task<Outcome> LoadAsync(string name, string? version, CancellationToken cancel) => ChangeAsync(name, version, entry =>
    {
        entry.UnloadedOnRequest = false;
        return Load(entry, new LoadManner(InBackground: true));
    }, cancel);

    /// <summary>
    /// Takes a version of a model out of service, all of them where none is named: what waits is answered, then its memory is freed. It stays so until
    /// it is asked for.
    /// </summary>
    public Task<Outcome> UnloadAsync(string name, string? version, CancellationToken cancel) => ChangeAsync(name, version, entry =>
    {
        entry.UnloadedOnRequest = true;
        Unload(entry, "it was unloaded on request", returnsOnDemand: false);
        return Outcome.Ok;
    }, cancel);

    /// <summary>What serves by default under a name; null where nothing does.</summary>
    public ServedModel? Model(string name) => _lanes.Find(name)?.Default.Model;

    /// <summary>What there is, in no order.</summary>
    public IReadOnlyList<ModelIndexEntry> Index() => [.. _lanes.All.Select(ModelIndexEntry.Of)];

    /// <summary>Whether every lane has a worker that takes from it.</summary>
    public bool IsAlive => Workers().All(static worker => !worker.Join(TimeSpan.Zero));

    /// <summary>Waits for all workers to end, once their lanes are closed; false where one has not by then.</summary>
    public bool Join(TimeSpan patience)
    {
        long start = _parts.Time.GetTimestamp();
        bool ended = true;
        foreach (var worker in Workers())
        {
            var left = patience - _parts.Time.GetElapsedTime(start);
            ended &= worker.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        return ended;
    }

    /// <summary>No more changes; returns when the one under way has ended, or not within <paramref name="patience"/>.</summary>
    public async Task CloseAsync(TimeSpan patience)
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        if (await _turn.WaitAsync(patience).ConfigureAwait(false)) _turn.Release();
    }

    public void Dispose()
    {
        // A run that would not end keeps its buffers: the process ends next, and freeing them under it would end it badly.
        if (Join(TimeSpan.Zero))
        {
            foreach (var lane in _lanes.All)
                if (lane.Drain("the device has stopped", returnsOnDemand: false)) lane.Unload();
        }
        _journal?.Close();
        _closing.Dispose();
    }

    private CatalogEntry Add(ModelSettings settings)
    {
        var lane = new ModelLane(settings, _settings.Limits.QueueMessages, _parts.Time, _parts.Turns);
        if (_journal is not null) lane.Journal = _journal.Slot(lane.Id);
        var entry = new CatalogEntry(lane, settings, new QuarantineBackoff(_parts.Time, new Random(_parts.Chance.Next()))) { Worker = Worker(lane, settings) };
        lane.Broke = (rung, reason) => Break(entry, rung, reason);
        lane.Wanted = () => Want(entry);
        lane.Capped = () => Capped(entry);
        _entries.Add(lane.Id, entry);
        _lanes.Add(lane);
        _parts.Added(lane);
        return entry;
    }

    private LaneWorker Worker(ModelLane lane, ModelSettings settings) =>
        new(lane, _parts.Dismissal, ThisMachine.Options(_settings.Target, settings).Cpus, _parts.Log, _parts.Between);

    private LaneWorker[] Workers()
    {
        lock (_workers) return [.. _entries.Values.Select(entry => entry.Worker)];
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        await _turn.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    // What goes wrong with one version does not keep the others from their change; the first thing that did is told.
    private Task<Outcome> ChangeAsync(string name, string? version, Func<CatalogEntry, Outcome> change, CancellationToken cancel) => InTurnAsync(() =>
    {
        if (_lanes.Find(name) is not { } versions) return Unknown(name);
        var lanes = version is null ? versions.All
            : VersionText.TryParse(Encoding.UTF8.GetBytes(version), out var asked) && versions.Find(asked) is { } lane ? [lane]
            : [];
        var outcomes = lanes.Select(lane => change(_entries[lane.Id])).ToList();
        return outcomes.Count == 0 ? versions.Unknown(version!) : outcomes.FirstOrDefault(outcome => outcome.Status != InferenceStatus.Ok, Outcome.Ok);
    }, cancel);

    private Outcome Unknown(string name) => new(RefusalReason.UnknownModel, $"no model '{Identifier.Quote(name)}' on {_settings.Who}, only {_lanes}");
}
