namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// When a request that joins a lane now would be answered: what is left of the run under way, then the runs that those ahead of it make together, each
/// after its wait for a turn on the cores, then its own. Not thread-safe: kept under its queue's lock.
/// </summary>
internal sealed class LaneForecast(long second, BatchPolicy? batching = null)
{
    private const double Gain = 1 / 8.0;
    private const int Untried = 4; // so many are let in to learn from before anything is known
    private const double UntriedRun = 0.05; // seconds; what the others are held to until then
    private const double HalfLife = 5; // seconds without a run after which what was learned counts half, or one bad moment would shut a lane for ever

    private readonly long _second = second;
    private Estimate _turnWait;
    private readonly ServiceTime _costs = new();
    private double _fill = 1, _rowsEach = 1;
    private long _runStarted, _lastRun;
    private int _runRows;

    /// <summary>How many rows a run may have.</summary>
    public BatchPolicy Batching { get; } = batching ?? new BatchPolicy(second, 1);

    /// <summary>When a request would be answered that has so many waiting ahead of it.</summary>
    public long Completion(long now, int ahead)
    {
        if (!_costs.IsKnown) return ahead < Untried ? now : now + (long)((ahead + 1) * UntriedRun * _second);
        double rows = (ahead + 1) * _rowsEach;
        double perRun = Math.Max(_rowsEach, _fill * Math.Min(Batching.Limit, rows)); // a request is never split
        double runs = Math.Ceiling(rows / perRun);
        double work = _costs.Safe((int)Math.Round(perRun), runs) + _turnWait.Safe(runs);
        return now + (long)((Remaining(now, _costs.Safe(_runRows)) + work) * Trust(now));
    }

    /// <summary>
    /// When a request would be answered in the mean that is first in rank. Caution is for those behind others: to refuse a first one that would have
    /// made it is as bad as to be late, and only the run under way is uncertain.
    /// </summary>
    public long CompletionOfFirst(long now)
    {
        if (!_costs.IsKnown) return now;
        double work = _costs.Typical((int)Math.Round(_rowsEach)) + _turnWait.Mean;
        return now + (long)((Remaining(now, _costs.Typical(_runRows)) + work) * Trust(now));
    }

    /// <summary>What a run of so many rows takes in the mean; 0 where nothing is known.</summary>
    public double Typical(int rows, long now) => _costs.Typical(rows) * Trust(now);

    /// <summary>What a run of one request takes, and hardly ever more.</summary>
    public double Alone(long now) => (_costs.Safe((int)Math.Round(_rowsEach)) + _turnWait.Safe()) * Trust(now);

    /// <summary>What is about of higher priority than a run.</summary>
    public HigherPriority Higher { get; } = new(second);

    /// <summary>The most rows of a run of that priority that ends within so long, keeps the latency target and is in no higher one's way; at least one.</summary>
    public int RowsWithin(long span, int priority, long now)
    {
        double most = Math.Min(span, Higher.LongestRun(priority, now));
        int rows = Batching.Limit;
        // A size that was never run is tried where no promise hangs on it: the latency target bears one run that is too long, a deadline does not.
        while (rows > 1 && (_costs.Safe(rows) > most || _costs.AtLeast(rows) > Batching.LongestRun)) rows--;
        return rows;
    }

    public void Started(long now, int rows) => (_runStarted, _runRows) = (now, rows);

    public void Ended(in CompletedRun run)
    {
        if (_runRows == 0) return;
        _costs.Add(run.Rows, run.Ended - _runStarted);
        Batching.Learn(run, run.Ended - _runStarted, _costs);
        (_lastRun, _runRows) = (run.Ended, 0);
        _rowsEach += ((double)run.Rows / run.Requests - _rowsEach) * Gain;
        int possible = Math.Min(Batching.Limit, run.Candidates);
        if (possible > 1) _fill += (Math.Min(1, (double)run.Requests / possible) - _fill) * Gain;
    }

    /// <summary>The run under way came to nothing that could be learned from.</summary>
    public void Abandoned() => _runRows = 0;

    /// <summary>Learns how long a run waited for its turn on the cores.</summary>
    public void Waited(long duration) => _turnWait.Add(duration);

    // What is left of the run under way where it takes so long; one that has taken longer may end at any time.
    private double Remaining(long now, double takes) => _runRows == 0 ? 0 : Math.Max(takes - (now - _runStarted), _costs.Typical(_runRows) / 8);

    private double Trust(long now)
    {
        double idle = (double)(now - _lastRun) / _second;
        return _runRows > 0 || idle < HalfLife ? 1 : Math.Pow(2, 1 - idle / HalfLife);
    }
}
