namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// How many rows a run may have, and of those that could share one how many should. Grows while more wait than fit and each step up saves time for each row;
/// where not all that wait would have their answer within the latency target, it is the size that gives it to most of them; stays at the smallest size that is
/// as good as any, and tries the next one again rarely. A size that was found to save nothing is not run, however few wait. In the clock's units. Kept under
/// its queue's lock.
/// </summary>
internal sealed class BatchPolicy
{
    private const int RunsToJudge = 6; // full runs of a size before it is compared
    private const double AsGood = 1.03; // less is noise
    private const double Pays = 1.1; // what a larger batch must save: whoever comes while it runs waits for all of it
    private const double FirstPause = 5, LongestPause = 600; // seconds until a limit that did not pay is tried again
    private const double FirstAgain = 60; // and few that share a run where that did not pay

    private readonly long _second;
    private readonly int _first;
    private int _configured, _fitting = int.MaxValue, _fullRuns;
    private bool _isForbidden;
    private long _paused, _again;
    private double _pause = FirstPause, _untilAgain = FirstAgain;
    private int[] _asGood = [], _paying = []; // by the rows that could run together: the smallest known size that does as well, and how many should
    private bool _isCautious; // after the first run that took too long, steps are of one row

    /// <param name="second">Of the clock.</param>
    /// <param name="most">The largest batch; 1 for none.</param>
    /// <param name="target">The model's latency target; 0 for none.</param>
    /// <param name="first">Where it begins: high enough to tell, since two rows may save nothing where eight save most.</param>
    public BatchPolicy(long second, int most, long target = 0, int first = 8)
    {
        (_second, _first, _configured, Limit) = (second, first, most, Math.Min(first, most));
        Target = TargetOf(target);
    }

    /// <summary>One that knows nothing yet, configured alike.</summary>
    public BatchPolicy Alike() => new(_second, _configured, 0, _first) { Target = Target };

    public int Limit { get; private set; }

    /// <summary>The model's latency target; infinite where it has none.</summary>
    public double Target { get; private set; }

    /// <summary>
    /// Of so many rows that could share a run, how many should: the most of which it is not known that fewer do as well. Once in a while all of them do
    /// all the same: the costs may not be what they were.
    /// </summary>
    public int Worth(int rows, long now) => now >= _again ? rows : Paying(rows);

    /// <summary>The same, without trying again.</summary>
    public int Paying(int rows) => rows < _paying.Length ? _paying[rows] : rows;

    /// <summary>The same, of as many rows as a run may have.</summary>
    public int MostPaying => Paying(Limit);

    /// <summary>Runs have one request from now on: rows depend on each other.</summary>
    public void Forbid() => Bound(() => _isForbidden = true);

    /// <summary>A run of so many rows found no memory: smaller ones from now on.</summary>
    public void OutOfMemory(int rows) => Bound(() => _fitting = Math.Max(1, Math.Min(Most, rows / 2)));

    /// <summary>Another model is in service: what the one before forbade or had no memory for is forgotten, what was learned of sizes is a guess as good as any.</summary>
    public void Renew(bool isBatchable) => Bound(() => (_isForbidden, _fitting) = (!isBatchable, int.MaxValue));

    /// <summary>The configuration says otherwise from now on; as in the constructor.</summary>
    public void Configure(int most, long target) => Bound(() => (_configured, Target) = (most, TargetOf(target)));

    /// <summary>Learns from a run; its duration is in <paramref name="costs"/> already.</summary>
    /// <param name="run">The run.</param>
    /// <param name="duration">What it took.</param>
    /// <param name="costs">What such runs take.</param>
    /// <param name="missed">How many more it would have had, had it waited a moment.</param>
    public void Learn(in CompletedRun run, long duration, ServiceTime costs, int missed = 0)
    {
        if (Most == 1) return;
        if (run.Rows > run.Requests && run.Requests == 1) return; // its client made it so large
        if (run.Candidates > 1 || missed > 0) LearnPaying(costs);
        if (run.Ended >= _again && Paying(run.Rows) < run.Rows)
            (_again, _untilAgain) = (run.Ended + (long)(_untilAgain * _second), Math.Min(2 * _untilAgain, LongestPause));
        int better = Better(run, duration, costs);
        if (better != Limit)
        {
            (Limit, _isCautious, _fullRuns) = (better, true, 0);
            Pause(run.Ended, FirstPause);
        }
        else if (IsFull(run, missed)) Full(run.Ended);
    }

    // Or would be, had it waited a moment. Where so many do not pay, less is as many as there should be.
    private bool IsFull(in CompletedRun run, int missed) =>
        (run.Candidates > run.Requests && (run.Rows >= Limit || (run.Rows >= MostPaying && Waiting(run) >= Limit)))
        || (missed > 0 && (double)run.Rows / run.Requests * (run.Requests + missed) > Limit);

    // The size that keeps the target for more of those that were there, or may be hoped to; the present one where it does for all, or none is better.
    private int Better(in CompletedRun run, long duration, ServiceTime costs)
    {
        if (double.IsInfinity(Target) || run.Rows == 1) return Limit;
        if (!costs.Knows(run.Rows)) return duration > Target && !IsCold(run.Rows, costs) ? Math.Max(1, Math.Min(Limit, run.Rows) * 3 / 4) : Limit;
        double waiting = Waiting(run);
        int rows = Math.Min(Limit, run.Rows), best = rows, reach = Math.Min(Most, rows < Limit ? Limit : 2 * Limit);
        double most = InTime(rows, waiting, costs);
        if (most >= waiting) return Limit;
        for (int size = 1; size <= reach; size++)
            if (InTime(size, waiting, costs) is var kept && kept > AsGood * most) (best, most) = (size, kept);
        return best == rows ? Limit : best;
    }

    private static double Waiting(in CompletedRun run) => (double)run.Candidates * run.Rows / run.Requests;

    // The first runs of a size are slow and say little of the others, unless so many rows one by one would miss the target as well.
    private bool IsCold(int rows, ServiceTime costs) => costs.Knows(1) && rows * costs.Typical(1) <= Target;

    // How many of those that wait have their answer within the target: a run may be under way, and they follow in runs of so many.
    private double InTime(int rows, double waiting, ServiceTime costs) => Math.Min(waiting, rows * Math.Max(0, (Target / costs.Hoped(rows)) - 1));

    private void Full(long now)
    {
        if (++_fullRuns < RunsToJudge) return;
        int best = _asGood[Limit];
        if (best < Limit)
        {
            (Limit, _fullRuns) = (best, 0);
            Pause(now, _pause);
            _pause = Math.Min(2 * _pause, LongestPause);
        }
        else if (now >= _paused && Limit < Most)
        {
            // Two rows may save nothing where more do: from one, a step leads to where it can be told.
            (Limit, _fullRuns) = (Math.Min(Limit == 1 ? _first : _isCautious ? Limit + 1 : 2 * Limit, Most), 0);
        }
    }

    private int Most => _isForbidden ? 1 : Math.Min(_configured, _fitting);

    // Where there were no batches so far, nothing is known of them.
    private void Bound(Action change)
    {
        bool hadNone = Most == 1;
        change();
        Limit = Math.Min(hadNone ? _first : Limit, Most);
    }

    private static double TargetOf(long target) => target > 0 ? target : double.PositiveInfinity;

    private void Pause(long now, double seconds) => _paused = now + (long)(seconds * _second);

    // The smallest size that does as well as any up to so many, or a larger one that was not run often enough to tell and may be hoped to do better: the next
    // smaller one that was run saves something, or its own first run did, or it is twice as large and was never run. By what runs take when nothing slows them:
    // sizes were run at different times, and a neighbour who came and went would decide.
    private void LearnPaying(ServiceTime costs)
    {
        if (_paying.Length != Most + 1) (_asGood, _paying) = (new int[Most + 1], new int[Most + 1]);
        double least = double.PositiveInfinity;
        bool isHopeful = true;
        for (int rows = 1, asGood = 1, untold = 0, smaller = 1; rows <= Most; rows++)
        {
            bool isKnown = costs.Knows(rows), wasRun = costs.WasRun(rows);
            if (isKnown) least = Math.Min(least, Each(rows));
            while (asGood < rows && !(costs.Knows(asGood) && Each(asGood) <= Pays * least)) asGood++;
            bool saves = wasRun && (isKnown ? asGood > 1 : Pays * Each(rows) <= least);
            if (!isKnown && (isHopeful || saves || (!wasRun && rows >= 2 * smaller))) untold = rows;
            if (wasRun) (smaller, isHopeful) = (rows, saves || rows == 1);
            (_asGood[rows], _paying[rows]) = (asGood, Math.Max(asGood, untold));
        }

        double Each(int rows) => costs.Least(rows) / rows;
    }
}
