using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Catalog;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// A model's way through the device: its queue, what answers from it, and how that is. It is there from the start, before its model is loaded and
/// when loading failed, so that requests learn what became of it. What goes wrong in one lane stays in it. Thread-safe.
/// </summary>
internal sealed partial class ModelLane
{
    private const int MostFailures = 5;
    private static readonly TimeSpan WhileLoading = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private volatile ModelStanding _standing = new(ModelState.Loading) { Reason = "it is being loaded" };
    private volatile SharedServer? _server;
    private long _lastUse;

    /// <summary>The model's name, which other lanes may have too.</summary>
    public string Name => Slot.Name;

    /// <summary>The version that it is for, if any: this tells it from all other lanes.</summary>
    public BundleSlot Slot { get; }

    /// <summary>As <see cref="Slot"/>, for texts and as a key.</summary>
    public string Id { get; }

    /// <summary>The version that it is for, or that serves at present; null where it is for any and none serves.</summary>
    public string? Version => Slot.Version ?? Model?.Version;

    /// <summary>How the model is now.</summary>
    public ModelStanding Standing => _standing;

    /// <summary>The model in service; null where there is none.</summary>
    public ServedModel? Model => _standing.Model;

    /// <summary>When it served last, as a timestamp of the clock; 0 for never.</summary>
    public long LastUse => Interlocked.Read(ref _lastUse);

    /// <summary>One of <see cref="Metrics.ModelMetrics.States"/>.</summary>
    public string State => _standing.State.ToString().ToLowerInvariant();

    /// <summary>Where it is noted what the model is doing, for the case that this ends the process.</summary>
    public CrashSlot Journal { get; set; } = CrashSlot.None;

    /// <summary>Told, on a worker's thread, that runs of a rung fail one after the other, with the reason.</summary>
    public Action<ServedRung, string>? Broke { get; set; }

    /// <summary>Told, on any thread, that a request came for a model that was unloaded to make room; must not block.</summary>
    public Action? Wanted { get; set; }

    /// <summary>What answers now, with a reference for one turn; null where nothing does.</summary>
    public SharedServer? Enter()
    {
        while (_server is { } server)
            if (server.TryEnter()) return server;
        return null;
    }

    public void NoteUse() => Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());

    /// <summary>How a run of a rung ended: what is neither success nor the client's mistake counts against it. By the worker.</summary>
    public void NoteEnd(in Outcome outcome, ServedRung rung)
    {
        if (outcome.Status == InferenceStatus.Ok) rung.Failures = 0;
        if (outcome.Status != InferenceStatus.Internal || ++rung.Failures < MostFailures) return;
        rung.Failures = 0;
        Broke?.Invoke(rung, $"{MostFailures} runs in a row failed, the last with: {Identifier.Quote(outcome.Error ?? "no text")}");
    }

    /// <summary>Why a request with these wishes cannot be answered here at all; OK where it can.</summary>
    public Outcome Refusal(in RequestProperties properties)
    {
        var standing = _standing;
        if (standing is not { State: ModelState.Ready, Model: { } model }) return NotInService(standing);
        return properties.MinQuality is { } floor && model.Usable(_cap.Index).Quality < floor ? BelowFloor(model, floor) : Outcome.Ok;
    }

    /// <summary>No rung that may be used at present meets a floor.</summary>
    public Outcome BelowFloor(ServedModel model, double floor)
    {
        var (cap, rung) = (_cap, model.Usable(_cap.Index));
        string why = rung.Index > 0 && cap.Reason.Length > 0 ? $", and better ones are not used at present: {cap.Reason}" : "";
        return new Outcome(RefusalReason.Unfit, $"variant '{rung.Id}' of model '{Id}' has the quality {rung.Quality:g4}, below the floor of {floor:g4}{why}");
    }

    private Outcome NotInService(ModelStanding standing)
    {
        if (standing is { State: ModelState.Unloaded, ReturnsOnDemand: true }) Wanted?.Invoke();
        return new Outcome(ReasonOf(standing), $"model '{Id}' is not in service: {standing.Reason}", RetryAfter(standing));
    }

    private static RefusalReason ReasonOf(ModelStanding standing) => standing.State switch
    {
        ModelState.Loading => RefusalReason.Loading,
        ModelState.Unloaded when standing.ReturnsOnDemand => RefusalReason.Loading,
        ModelState.Quarantined => RefusalReason.Quarantined,
        _ => RefusalReason.NotInService,
    };

    private TimeSpan? RetryAfter(ModelStanding standing) => standing.State switch
    {
        ModelState.Loading => WhileLoading,
        ModelState.Unloaded when standing.ReturnsOnDemand => WhileLoading,
        ModelState.Quarantined => Max(_time.GetElapsedTime(_time.GetTimestamp(), standing.ReopensAt), WhileLoading),
        _ => null,
    };

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
