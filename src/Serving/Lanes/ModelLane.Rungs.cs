using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Degradation;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Lanes;

// Which rung of its model's ladder a run takes, and which of them may be used at present.
internal sealed partial class ModelLane
{
    private volatile RungCap _cap = RungCap.None;

    /// <summary>
    /// The best rung that may be used at present. In force for every run that begins and every request that comes from now on; a request that was accepted
    /// with a floor above it is answered all the same while a rung that meets it is open. Any thread.
    /// </summary>
    public RungCap Cap
    {
        get => _cap;
        set
        {
            if (value == Interlocked.Exchange(ref _cap, value)) return;
            Capped?.Invoke();
        }
    }

    /// <summary>Told, on the thread that did it, that the cap was moved; must not block.</summary>
    public Action? Capped { get; set; }

    /// <summary>Told, on the worker's thread, how the rung of each run was chosen where there was a choice; must not block.</summary>
    public Action<RungDecision>? RungChosen { get; set; }

    /// <summary>The best rung that may be used now; null where nothing serves.</summary>
    public ServedRung? Rung => Model?.Usable(_cap.Index);

    /// <summary>Rungs of a model were opened or closed; says nothing of another that has taken its place.</summary>
    public void NoteRungs(ServedModel model)
    {
        lock (_gate)
            if (ReferenceEquals(_standing.Model, model)) _queue.Update(model.Rungs, static (forecast, rungs) => Open(forecast, rungs));
    }

    /// <summary>The rung for a run of which this is the first request; null where none that is open meets its floor.</summary>
    /// <param name="model">What answers it.</param>
    /// <param name="first">The request.</param>
    /// <param name="now">The time.</param>
    public ServedRung? ChooseRung(ServedModel model, PendingRequest first, long now)
    {
        var rungs = model.Rungs;
        double floor = first.Properties.MinQuality ?? 0;
        if (rungs.Count == 1) return rungs[0].Quality >= floor ? rungs[0] : null;
        int chosen = _queue.ChooseRung(new RunAhead(Latest(first.Due, now), floor, _cap.Index), now, RungChosen);
        return chosen >= 0 ? model.Ladder[Math.Min(chosen, model.Ladder.Count - 1)] : null;
    }

    /// <summary>
    /// Whether what is left is less than the shortest run takes that a request's floor allows, even when nothing slows it: to give up what was accepted is as
    /// bad as to be late, and a mean that one slow run has raised says little of the next.
    /// </summary>
    public bool IsTooLate(long now, PendingRequest request) => request.Due - now < _queue.Unslowed(LastRung(request.Properties));

    private int LastRung(in RequestProperties properties) => Model?.LastRung(properties.MinQuality) ?? 0;

    private static void Renew(LaneForecast forecast, SharedServer server)
    {
        forecast.Renew([.. server.Model.Ladder.Select(static rung => new RungFacts(rung.Id, rung.Quality, rung.Seconds))], server.IsBatchable);
        Open(forecast, server.Model.Rungs);
    }

    private static void Open(LaneForecast forecast, IReadOnlyList<ServedRung> rungs) => forecast.Open([.. rungs.Select(static rung => rung.Index)]);
}
