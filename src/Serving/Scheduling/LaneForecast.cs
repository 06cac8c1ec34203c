using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// When a request that joins a lane now would be answered: what is left of the run under way, then the runs that those ahead of it make together, each
/// after its wait for a turn on the cores, then its own. What waits is counted at the shortest rung that its floor allows, since the rung is chosen when
/// a run begins. Not thread-safe: kept under its queue's lock.
/// </summary>
internal sealed partial class LaneForecast
{
    /// <summary>Of requests, from 0 on.</summary>
    public const int Priorities = 10;

    private const double Gain = 1 / 8.0;
    private const int Untried = 4; // so many are let in to learn from before anything is known
    private const double UntriedRun = 0.05; // seconds; what the others are held to until then
    private const double HalfLife = 5; // seconds without a run after which what was learned counts half, or one bad moment would shut a lane for ever

    private readonly long _second;
    private readonly Func<double, double> _together; // what a run of so many requests is hoped to take
    private Estimate _turnWait;
    private readonly PromiseMargin[] _margins = [.. Enumerable.Range(0, Priorities).Select(PromiseMargin.AtFirst)]; // a higher priority breaks promises of lower ones, which says nothing of its own
    private double _fill = 1, _rowsEach = 1;
    private long _runStarted, _lastRun;
    private int _runRows, _runRung;

    /// <param name="second">Of the clock.</param>
    /// <param name="batching">How many rows a run of the first rung may have; others are alike. Null for no batches.</param>
    public LaneForecast(long second, BatchPolicy? batching = null)
    {
        (_second, Higher, Gathering) = (second, new HigherPriority(second), new Gathering(second));
        _rungs = [new RungForecast(new RungFacts("", 1, 0), batching ?? new BatchPolicy(second, 1))];
        (_open, _ladder) = ([0], new Ladder([default]));
        _together = requests => _rungs[_runRung].Costs.Hoped(Rows(requests));
    }

    /// <summary>Of the clock.</summary>
    public long Second => _second;

    /// <summary>The most rows that a run may have.</summary>
    public int BatchLimit
    {
        get
        {
            int limit = 1;
            foreach (int rung in _open) limit = Math.Max(limit, _rungs[rung].Batching.Limit);
            return limit;
        }
    }

    /// <summary>The model's latency target; infinite where it has none.</summary>
    public double Target => _rungs[0].Batching.Target;

    /// <summary>When a request without a floor would be answered that has so many waiting ahead of it, all of them without floors.</summary>
    public long Completion(long now, int ahead)
    {
        Span<int> waiting = stackalloc int[_rungs.Length];
        waiting[^1] = ahead + 1;
        return Completion(now, waiting);
    }

    /// <summary>When the last of those would be answered that wait.</summary>
    /// <param name="now">The time.</param>
    /// <param name="waiting">How many there are of each rung as the last that their floor allows.</param>
    public long Completion(long now, ReadOnlySpan<int> waiting) => Completion(now, waiting, isSafe: true);

    /// <summary>As <see cref="Completion(long, ReadOnlySpan{int})"/>, in the mean.</summary>
    public long Likely(long now, ReadOnlySpan<int> waiting) => Completion(now, waiting, isSafe: false);

    /// <summary>As <see cref="Completion(long, ReadOnlySpan{int})"/>, by what promises to that priority were worth so far.</summary>
    public long Promise(long now, ReadOnlySpan<int> waiting, int priority)
    {
        ref readonly var margin = ref _margins[priority];
        double spares = margin.Spares > 0 && Sum(waiting) > BatchLimit ? margin.Spares * Spare(now) : 0;
        return now + (long)((Completion(now, waiting, margin.IsSafe) - now) * margin.Factor + spares);
    }

    // Where more is asked for than can be done, caution costs nothing as long as a whole run waits behind the one under way.
    private double Spare(long now) => _load.Surplus((double)now / _second) * Typical(_runRung, Rows(MostTogether));

    private long Completion(long now, ReadOnlySpan<int> waiting, bool isSafe)
    {
        if (!IsKnown) return Untaught(now, waiting);
        Span<int> runs = stackalloc int[waiting.Length];
        for (int rung = 0; rung < waiting.Length; rung++)
            if (waiting[rung] > 0) runs[Shortest(rung)] += waiting[rung];
        double work = Remaining(now, isSafe ? Safe(_runRung, _runRows, 1) : Typical(_runRung, _runRows));
        for (int rung = 0; rung < runs.Length; rung++)
            if (runs[rung] > 0) work += Work(rung, runs[rung], isSafe);
        return now + (long)(work * Trust(now));
    }

    private long Untaught(long now, ReadOnlySpan<int> waiting)
    {
        int all = Sum(waiting);
        return all <= Untried ? now : now + (long)(all * UntriedRun * _second);
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        int all = 0;
        foreach (int count in counts) all += count;
        return all;
    }

    private double Work(int rung, int requests, bool isSafe)
    {
        double rows = requests * _rowsEach;
        double perRun = Math.Max(_rowsEach, _fill * Together(rung, rows)); // a request is never split
        double runs = Math.Ceiling(rows / perRun);
        int rowsOfRun = (int)Math.Round(perRun);
        double work = isSafe ? Safe(rung, rowsOfRun, runs) + _turnWait.Safe(runs) : runs * (Typical(rung, rowsOfRun) + _turnWait.Mean);
        return work + runs * Gathering.Mean;
    }

    /// <summary>
    /// When a request would be answered in the mean that is first in rank. Caution is for those behind others: to refuse a first one that would have
    /// made it is as bad as to be late, and only the run under way is uncertain.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="last">The last rung that its floor allows.</param>
    public long CompletionOfFirst(long now, int last)
    {
        if (!IsKnown) return now;
        double work = Typical(Shortest(last), (int)Math.Round(_rowsEach)) + _turnWait.Mean;
        return now + (long)((Remaining(now, Typical(_runRung, _runRows)) + work) * Trust(now));
    }

    /// <summary>What the shortest run of so many rows takes in the mean that a floor allows; 0 where nothing is known.</summary>
    public double Typical(int rows, long now, int last) => Typical(Shortest(last), rows) * Trust(now);

    /// <summary>What a run of one request takes on the shortest rung that its floor allows when nothing slows it; 0 where nothing is known.</summary>
    public double Unslowed(int last) => Least(Shortest(last), (int)Math.Round(_rowsEach));

    /// <summary>What a run of one request takes on the shortest rung that its floor allows, and hardly ever more.</summary>
    public double Alone(long now, int last) => (Safe(Shortest(last), (int)Math.Round(_rowsEach), 1) + _turnWait.Safe()) * Trust(now);

    /// <summary>What is about of higher priority than a run.</summary>
    public HigherPriority Higher { get; }

    /// <summary>The most rows of a run of that priority that ends within so long and is in no higher one's way; at least one.</summary>
    public int RowsWithin(long span, int priority, long now, int rung = 0)
    {
        double most = Math.Min(span, Higher.LongestRun(priority, now));
        int rows = _rungs[Clamp(rung)].Batching.Limit; // which has the latency target in it: that bears a run that is too long, a deadline does not
        while (rows > 1 && Safe(rung, rows, 1) > most) rows--;
        return rows;
    }

    /// <summary>Of so many rows that could share a run, how many should.</summary>
    public int RowsWorth(int rows, long now, int rung) => _rungs[Clamp(rung)].Batching.Worth(rows, now);

    // How many of so many rows share a run where nothing else keeps them apart.
    private double Together(int rung, double rows)
    {
        var batching = _rungs[rung].Batching;
        return Math.Min(rows, batching.Paying((int)Math.Ceiling(Math.Min(rows, batching.Limit))));
    }

    /// <summary>What comes as a run begins.</summary>
    public Gathering Gathering { get; }

    /// <summary>A run could begin with so many requests: whether it should wait for more, by the rung of the last one.</summary>
    public GatherPlan ReadyToRun(long now, int waiting) => Gathering.Ready(now, waiting, IsKnown ? MostTogether : 0, _together);

    /// <summary>What a run of so many requests takes, and hardly ever more.</summary>
    public double SafeTogether(int requests) => Safe(_runRung, Rows(requests), 1);

    /// <summary>What the next run is hoped to take where so many requests wait.</summary>
    public double NextRun(int waiting) => _together(Math.Min(waiting, MostTogether));

    private int MostTogether => Math.Max(1, (int)(_rungs[_runRung].Batching.MostPaying / _rowsEach));

    public void Started(long now, int rows, int rung = 0) => (_runStarted, _runRows, _runRung) = (now, rows, Clamp(rung));

    public void Ended(in CompletedRun run)
    {
        if (_runRows == 0) return;
        var rung = _rungs[_runRung];
        long duration = run.Ended - _runStarted, believed = Believed(rung, run.Rows, duration);
        LearnPace(rung, run.Rows, believed);
        rung.Costs.Add(run.Rows, believed);
        rung.Ran(run.Computed ?? duration, duration);
        rung.Batching.Learn(run, duration, rung.Costs, Gathering.Missed(duration));
        (_lastRun, _runRows) = (run.Ended, 0);
        _rowsEach += ((double)run.Rows / run.Requests - _rowsEach) * Gain;
        int possible = (int)Together(_runRung, run.Candidates);
        if (possible > 1) _fill += (Math.Min(1, (double)run.Requests / possible) - _fill) * Gain;
    }

    /// <summary>A request has its answer, in time or not: promises are made by how those before were kept.</summary>
    /// <param name="priority">Its own.</param>
    /// <param name="waited">Until its run began; one that waited behind nobody says nothing.</param>
    /// <param name="isKept">Whether it was in time.</param>
    public void Promised(int priority, long waited, bool isKept)
    {
        if (waited > Typical(Shortest(_rungs.Length - 1), 1) / 2) _margins[priority].Learn(isKept);
    }

    /// <summary>The run under way came to nothing that could be learned from.</summary>
    public void Abandoned() => _runRows = 0;

    /// <summary>Learns how long a run waited for its turn on the cores.</summary>
    public void Waited(long duration) => _turnWait.Add(duration);

    // What is left of the run under way where it takes so long; one that has taken longer may end at any time.
    private double Remaining(long now, double takes) => _runRows == 0 ? 0 : Math.Max(takes - (now - _runStarted), Typical(_runRung, _runRows) / 8);

    private double Trust(long now)
    {
        double idle = (double)(now - _lastRun) / _second;
        return _runRows > 0 || idle < HalfLife ? 1 : Math.Pow(2, 1 - idle / HalfLife);
    }
}
