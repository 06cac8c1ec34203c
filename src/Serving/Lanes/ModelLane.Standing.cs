using EdgeRuntime.Serving.Catalog;

namespace EdgeRuntime.Serving.Lanes;

// The steps of the model's life, each by the table of LifeCycle: a step that it does not know changes nothing and gives false.
internal sealed partial class ModelLane
{
    public bool Begin() => Step(ModelEvent.LoadAsked, now => now.State == ModelState.Ready || now.State == ModelState.Quarantined
        ? now
        : new ModelStanding(now.State) { Reason = "it is being loaded" });

    /// <summary>Puts a model into service; the one before it is freed after its last run. Where the step is refused, what was given is freed.</summary>
    /// <param name="model">What answers from now on.</param>
    /// <param name="complaint">What an operator has to mend all the same.</param>
    /// <param name="server">What answers with it; null for a lane that nobody takes from.</param>
    public bool Serve(ServedModel model, string? complaint, ModelServer? server = null)
    {
        var next = new SharedServer(model, server);
        SharedServer? old = next;
        bool done;
        lock (_gate)
        {
            done = Step_NeedsLock(ModelEvent.Loaded, _ => new ModelStanding(ModelState.Ready) { Model = model, Complaint = complaint });
            if (done) (old, _server) = (_server, next);
            if (done) _queue.Update(next, static (forecast, next) => Renew(forecast, next));
        }
        old?.Leave();
        return done;
    }

    /// <summary>Loading came to nothing; what is in service stays there.</summary>
    public bool Fail(string reason) => Step(ModelEvent.LoadFailed, now => now.Model is null ? now with { Reason = reason } : now with { Complaint = reason });

    /// <summary>What an operator has to mend; null for nothing.</summary>
    public void Complain(string? complaint)
    {
        lock (_gate) _standing = _standing with { Complaint = complaint };
    }

    /// <summary>No more requests; false where there is nothing to drain, so that it is out of service at once.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="returnsOnDemand">Whether a request brings it back.</param>
    public bool Drain(string reason, bool returnsOnDemand) =>
        Step(ModelEvent.UnloadAsked, now => now with { Reason = reason, Complaint = null, ReturnsOnDemand = returnsOnDemand }) && _standing.State == ModelState.Draining;

    /// <summary>What was drained is out of service, and freed after its last run.</summary>
    public void Unload() => Leave(ModelEvent.Drained, now => now with { Model = null })?.Leave();

    /// <summary>It is broken, and tried again at <paramref name="reopensAt"/>.</summary>
    public void Quarantine(string reason, long reopensAt) => Leave(ModelEvent.Broke, now => Broken(now, reason, reopensAt))?.Leave();

    /// <summary>As <see cref="Quarantine"/>, for a model that a run never came back from; false where another one is in service by now.</summary>
    public bool Abandon(SharedServer hung, string reason, long reopensAt)
    {
        if (!ReferenceEquals(_server, hung)) return false;
        Leave(ModelEvent.Broke, now => Broken(now, reason, reopensAt));
        return true;
    }

    private static ModelStanding Broken(ModelStanding now, string reason, long reopensAt) => now.State == ModelState.Draining
        ? now with { Model = null }
        : new ModelStanding(ModelState.Quarantined) { Reason = reason, ReopensAt = reopensAt };

    /// <summary>The server that goes, now the caller's to leave.</summary>
    private SharedServer? Leave(ModelEvent what, Func<ModelStanding, ModelStanding> change)
    {
        lock (_gate)
        {
            if (!Step_NeedsLock(what, change)) return null;
            var old = _server;
            _server = null;
            return old;
        }
    }

    private bool Step(ModelEvent what, Func<ModelStanding, ModelStanding> change)
    {
        lock (_gate) return Step_NeedsLock(what, change);
    }

    private bool Step_NeedsLock(ModelEvent what, Func<ModelStanding, ModelStanding> change)
    {
        var before = _standing;
        if (LifeCycle.Next(before.State, what) is not { } next) return false;
        _standing = change(before) with { State = next, Since = next == before.State && what != ModelEvent.Loaded && before.Since is { } since ? since : _time.GetUtcNow() };
        return true;
    }
}
