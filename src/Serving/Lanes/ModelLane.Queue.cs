using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Lanes;

internal sealed partial class ModelLane
{
    // The way of an answer to its client is not seen from here: a part of the time that is left is kept for it, within reason.
    private const int PartKept = 12;
    internal const int Priorities = LaneForecast.Priorities;
    private const int PartOfATurn = 8; // from that part of a run on, what was spent without one counts as one
    private const int LeastShare = 2; // one that runs and one that waits
    private static readonly TimeSpan MostKept = TimeSpan.FromMilliseconds(20);

    private readonly RequestQueue<PendingRequest> _queue;
    private readonly TimeProvider _time;
    private readonly ComputeTurns _turns;
    private readonly ComputeTurns.Contender _contender;
    private volatile int _batchMost;
    private long _target; // in the clock's units; 0 for none
    private readonly ClientShares[] _shares; // by priority: whoever floods a lower one is nobody to share with

    /// <param name="settings">The model's.</param>
    /// <param name="queueLimit">How many requests may wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="turns">The cores that it shares with other lanes.</param>
    public ModelLane(ModelSettings settings, int queueLimit, TimeProvider time, ComputeTurns turns)
    {
        (Slot, Id, _time, _turns, _contender) = (settings.Slot, settings.Slot.ToString(), time, turns, turns.Join(settings.Weight));
        long second = time.TimestampFrequency;
        _shares = [.. Enumerable.Range(0, Priorities).Select(_ => new ClientShares(second))];
        (BatchMost, Elsewhere, _target) = (settings.BatchMost, settings.Elsewhere, Target(settings));
        var batching = new BatchPolicy(second, BatchMost, _target);
        _queue = new RequestQueue<PendingRequest>(queueLimit, new LaneForecast(second, batching), time);
    }

    /// <summary>A lane by the system's clock with nothing said of its model but the name.</summary>
    public ModelLane(string name, int queueLimit)
        : this(new ModelSettings { Name = name }, queueLimit, TimeProvider.System, new ComputeTurns(1, TimeProvider.System)) { }

    /// <summary>What the next run is hoped to take, made of those that wait; zero where none does.</summary>
    public TimeSpan NextRun => _time.GetElapsedTime(0, _queue.NextRun());

    /// <summary>The most rows that a batch may have; 1 for no batches.</summary>
    public int BatchMost { get => _batchMost; private set => _batchMost = value; }

    /// <summary>Within which its requests should be answered; null where it has no such target.</summary>
    public TimeSpan? LatencyTarget => Volatile.Read(ref _target) is > 0 and var target ? _time.GetElapsedTime(0, target) : null;

    /// <summary>How many requests may run at once at present: as many as one run may have.</summary>
    public int BatchLimit => _queue.BatchLimit;

    /// <summary>What the configuration says of scheduling is in force from now on.</summary>
    public void Configure(ModelSettings settings)
    {
        (BatchMost, Elsewhere) = (settings.BatchMost, settings.Elsewhere);
        Volatile.Write(ref _target, Target(settings));
        _turns.Weigh(_contender, settings.Weight);
        _queue.Update((Most: settings.BatchMost, Target: Target(settings)), static (forecast, now) => forecast.Configure(now.Most, now.Target));
    }

    /// <summary>Takes a request where it is answered in time by the runs so far, and harms none that was taken before.</summary>
    /// <param name="request">The lease; the caller's still where it is not taken.</param>
    /// <param name="displaced">A request that made room or is too late by now, the caller's to answer and end.</param>
    /// <param name="isHeld">Whether a server is asked for it, and the worker only at the last moment.</param>
    public QueueVerdict TryAdd(PendingRequest request, out PendingRequest? displaced, bool isHeld = false)
    {
        long now = request.Admitted;
        var place = request.Join(_shares[request.Properties.Priority], now, Math.Max(LeastShare, _queue.BatchLimit));
        if (place.IsRefused)
        {
            displaced = null;
            return new QueueVerdict(QueueRefusal.OverShare, now);
        }
        return _queue.TryAdd(request, new QueueStanding(request.Properties.Priority, place.Round, place.IsOverShare, LastRung(request.Properties)), request.Due, Latest(request.Due, now), now, out displaced, isHeld);
    }

    /// <summary>Whether a request would be taken that has such a deadline, for a client that has its share left; nothing changes.</summary>
    /// <param name="properties">The request's wishes.</param>
    /// <param name="due">Its deadline.</param>
    /// <param name="now">The time.</param>
    public Foresight Foresee(in RequestProperties properties, long due, long now) =>
        _queue.Foresee(new QueueStanding(properties.Priority, Rung: LastRung(properties)), due, now, new RunAhead(Latest(due, now), properties.MinQuality ?? 0, _cap.Index));

    /// <inheritdoc cref="RequestQueue{T}.Outlook"/>
    public long Outlook(long now, Span<long> waits) => _queue.Outlook(now, waits);

    /// <summary>No server answers it: the worker takes it in its turn. False where it does not wait here any more.</summary>
    public bool Release(PendingRequest request) => _queue.Release(request);

    /// <summary>Takes a request out that was answered elsewhere; where it runs, its run is ended once nobody else waits for it.</summary>
    /// <returns>Whether its lease is the caller's to end.</returns>
    public bool TryRemove(PendingRequest request)
    {
        if (_queue.TryRemove(request)) return true;
        Running.GiveUp(request);
        return false;
    }

    /// <summary>
    /// Waits for a request and for this lane's turn on the cores, then takes the first in rank into <see cref="Turn"/>: what came in the meantime is considered
    /// too. False once the lane is closed and empty. The turn ends with <see cref="EndTurn"/>.
    /// </summary>
    public bool TryTake(out PendingRequest request)
    {
        while (TryPeek(out var first))
        {
            long wanted = _time.GetTimestamp();
            bool isOurs = _turns.TryEnter(_contender, first.Rank.Priority, first.Rank.Due, wanted);
            if (isOurs && _turns.IsShared) _queue.Update(_time.GetTimestamp() - wanted, static (forecast, waited) => forecast.Waited(waited));
            if (isOurs && _batchMost > 1) _queue.Gather(_turns);
            // Without a turn, only what is too late by now is taken, to be told so.
            if ((isOurs || first.Rank.Due <= _time.GetTimestamp()) && TryTakeFirst(out request)) return true;
            if (isOurs) EndTurn();
        }
        request = null!;
        return false;
    }

    /// <summary>Lets other lanes have the cores, unless the next turn is this lane's as well.</summary>
    public void EndTurn()
    {
        if (_queue.TryPeekNow(out var next)) _turns.Yield(_contender, next.Rank.Priority, next.Rank.Due);
        else _turns.Leave(_contender);
    }

    // Nobody waits for requests with a turn in hand.
    private bool TryPeek(out QueueEntry<PendingRequest> first)
    {
        if (_queue.TryPeekNow(out first)) return true;
        _turns.Leave(_contender);
        return _queue.TryPeek(out first);
    }

    /// <summary>The run under way never ends: others may have the cores, and what it held is its giver-up's to answer.</summary>
    public void GiveUpRun()
    {
        EndTurn();
        Abandoned();
        Running.Clear();
    }

    /// <summary>Takes the next one from a place on, to share a run; does not wait.</summary>
    public bool TryTakeCompanion(int place, out QueueEntry<PendingRequest> entry)
    {
        if (!_queue.TryTakeNow(place, out entry)) return false;
        Turn.Join(entry.Request);
        Running.Add(entry.Request);
        return true;
    }

    /// <summary>Puts a companion back that does not fit.</summary>
    public void PutBack(in QueueEntry<PendingRequest> entry)
    {
        Running.Remove(entry.Request);
        Turn.Leave(entry.Request);
        _queue.PutBack(entry);
    }

    /// <summary>Takes a request out that its client gives up while it waits; null where it does not wait here.</summary>
    public PendingRequest? Remove(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation) =>
        _queue.Remove(client, correlation, static (request, client, correlation) => request.Is(client, correlation));

    /// <inheritdoc cref="LaneForecast.RowsWithin"/>
    public int RowsWithin(long span, int priority, long now, int rung) => _queue.RowsWithin(span, priority, now, rung);

    /// <inheritdoc cref="LaneForecast.RowsWorth"/>
    public int RowsWorth(int rows, long now, int rung) => _queue.RowsWorth(rows, now, rung);

    /// <summary>Rows depend on each other: no batches on a rung from now on.</summary>
    /// <param name="server">Who says so; it says nothing of another model that has taken its place.</param>
    /// <param name="rung">The index of the rung.</param>
    public void ForbidBatches(ModelServer server, int rung) => Learn(server, (rung, 0), static (forecast, batch) => forecast.Forbid(batch.Rung));

    /// <summary>A batch found no memory.</summary>
    /// <param name="server">As of <see cref="ForbidBatches"/>.</param>
    /// <param name="rung">The index of its rung.</param>
    /// <param name="rows">Of the batch.</param>
    public void OutOfMemory(ModelServer server, int rung, int rows) => Learn(server, (rung, rows), static (forecast, batch) => forecast.OutOfMemory(batch.Rung, batch.Rows));

    private void Learn(ModelServer server, (int Rung, int Rows) batch, Action<LaneForecast, (int Rung, int Rows)> change)
    {
        lock (_gate)
            if (_server is null || _server.Is(server)) _queue.Update(batch, change);
    }

    private long Target(ModelSettings settings) => (long)((settings.LatencyTarget?.TotalSeconds ?? 0) * _time.TimestampFrequency);

    /// <summary>Takes no more requests; those that wait are still answered.</summary>
    public void Close() => _queue.Close();

    /// <summary>Has no part in the cores any more: its worker has ended.</summary>
    public void Part() => _turns.Part(_contender);

    /// <summary>A run of a rung begins.</summary>
    public void Started(long now, int rows, int rung) => _queue.Update((now, rows, rung), static (forecast, run) => forecast.Started(run.now, run.rows, run.rung));

    /// <summary>A run ended and its answers are sent.</summary>
    public void Ended(in CompletedRun run) => _queue.Update(run, static (forecast, run) => forecast.Ended(run));

    /// <inheritdoc cref="LaneForecast.Promised"/>
    public void Promised(int priority, long waited, bool isKept) =>
        _queue.Update((priority, waited, isKept), static (forecast, promise) => forecast.Promised(promise.priority, promise.waited, promise.isKept));

    /// <summary>Whether what was spent on something else than a run counts as one.</summary>
    public bool IsWorthATurn(long spent) => PartOfATurn * spent >= _queue.Unslowed(0);

    /// <summary>The run under way came to nothing that can be learned from.</summary>
    public void Abandoned() => _queue.Update(0, static (forecast, _) => forecast.Abandoned());

    /// <summary>When an answer must be ready at the latest to be in time, the way to its client kept.</summary>
    /// <param name="due">The request's deadline.</param>
    /// <param name="now">The time.</param>
    public long Latest(long due, long now) => due - Math.Min((due - now) / PartKept, (long)(MostKept.TotalSeconds * _time.TimestampFrequency));
}
