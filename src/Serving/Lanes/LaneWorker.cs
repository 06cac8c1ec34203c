using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Catalog;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// Takes the requests of one lane, one after the other, on a thread of its own that lives as long as the lane; each is served with the model that
/// is current then. Every request that it takes is answered and ended, whatever happens on the way; the thread ends when the lane is closed and
/// empty.
/// </summary>
internal sealed class LaneWorker
{
    private readonly ModelLane _lane;
    private readonly Dismissal _dismissal;
    private readonly IReadOnlyList<int> _cpus;
    private readonly EventLog _log;
    private readonly Action<Func<TimeSpan>>? _between;
    private readonly Thread _thread;

    /// <param name="lane">Whose requests it takes.</param>
    /// <param name="dismissal">For requests that find no model.</param>
    /// <param name="cpus">The CPUs that it keeps to; empty for all.</param>
    /// <param name="log">Where failures go.</param>
    /// <param name="between">What else is to be done on its cores between two runs; told how long the next run takes, once it asks. Null for nothing.</param>
    public LaneWorker(ModelLane lane, Dismissal dismissal, IReadOnlyList<int> cpus, EventLog log, Action<Func<TimeSpan>>? between = null)
    {
        (_lane, _dismissal, _cpus, _log, _between) = (lane, dismissal, cpus, log, between);
        lane.Turn = Turn;
        _thread = new Thread(Work) { IsBackground = true, Name = lane.Id };
        _thread.Start();
    }

    /// <summary>What it holds at this moment.</summary>
    public Turn Turn { get; } = new();

    /// <summary>Waits for the thread to end; false where it has not by then.</summary>
    public bool Join(TimeSpan wait) => _thread.Join(wait);

    private void Work()
    {
        Pin();
        Func<TimeSpan> away = () => _lane.NextRun;
        while (_lane.TryTake(out var pending))
        {
            Serve(pending);
            _between?.Invoke(away);
        }
        _lane.Part();
    }

    private void Pin()
    {
        try
        {
            ThreadAffinity.PinCurrentThread(_cpus);
        }
        catch (InferenceException error)
        {
            _log.Warning(_lane.Id, $"{error.Message}: the worker runs on any");
        }
    }

    private void Serve(PendingRequest pending)
    {
        var server = Turn.Server = Enter(pending, out var refusal);
        _lane.Journal.Mark(CrashMark.Running, true);
        try
        {
            if (server is null) _dismissal.Answer(pending, _lane.Name, refusal);
            else server.Server.Serve(pending);
        }
        catch (Exception error)
        {
            // The lane outlives whatever kept this answer from being written.
            _log.Error(_lane.Id, $"an answer could not be written: {error.GetType().Name}: {error.Message}");
        }
        finally
        {
            _lane.Journal.Mark(CrashMark.Running, false);
            if (server is null) _lane.EndTurn(); // a server ends it itself
            Turn.Server = null;
            Leave(server, pending);
        }
    }

    // The lane is busy for as long as the request lives: whoever waits until it is not finds a model that went freed by then.
    private void Leave(SharedServer? server, PendingRequest pending)
    {
        try
        {
            server?.Leave();
        }
        finally
        {
            _lane.NoteUse();
            pending.End();
        }
    }

    // A model that came into service after it was missed is no reason to refuse.
    private SharedServer? Enter(PendingRequest pending, out Outcome refusal)
    {
        refusal = default;
        SharedServer? server;
        while ((server = _lane.Enter()) is null && (refusal = _lane.Refusal(pending.Properties)).Reason == RefusalReason.None) Thread.Yield();
        return server;
    }
}
