using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Scheduling;

// The rungs: what is known of each, and which of them are open.
internal sealed partial class LaneForecast
{
    private const double Guess = 0.5; // where the bundle does not say: a rung is on a ladder because it takes less than the one above it

    private RungForecast[] _rungs; // of the whole ladder, best first
    private int[] _open;
    private Pace _pace = Pace.AsExpected;

    /// <summary>How many rungs the ladder has.</summary>
    public int Rungs => _rungs.Length;

    /// <summary>
    /// Another model is in service: what the one before forbade or had no memory for is forgotten, what was learned of its rungs is a guess as good as
    /// any for those of the same name, or else place.
    /// </summary>
    /// <param name="ladder">Its rungs, best first.</param>
    /// <param name="isBatchable">Whether its inputs and outputs have rows.</param>
    public void Renew(IReadOnlyList<RungFacts> ladder, bool isBatchable)
    {
        var before = _rungs;
        _rungs = [.. ladder.Select((facts, place) => Like(before, ladder, facts, place))];
        foreach (var rung in _rungs) rung.Batching.Renew(isBatchable);
        (_runRows, _runRung) = (_runRung < _rungs.Length ? _runRows : 0, Clamp(_runRung));
        Open(0);
    }

    private static RungForecast Like(RungForecast[] before, IReadOnlyList<RungFacts> ladder, RungFacts facts, int place)
    {
        var same = Array.Find(before, known => known.Facts.Id == facts.Id);
        if (same is null && place < before.Length && ladder.All(other => other.Id != before[place].Facts.Id)) same = before[place];
        if (same is null) return new RungForecast(facts, before[0].Batching.Alike());
        same.Facts = facts;
        return same;
    }

    /// <summary>Which rungs can be run from now on; at least one.</summary>
    public void Open(params ReadOnlySpan<int> rungs)
    {
        _open = [.. rungs];
        _ladder = new Ladder(_open.Select(rung => new Rung(_rungs[rung].Facts.Quality, 0)));
    }

    /// <summary>What the configuration says of batches is in force from now on.</summary>
    public void Configure(int most, long target)
    {
        foreach (var rung in _rungs) rung.Batching.Configure(most, target);
    }

    /// <summary>Rows of a rung depend on each other: no batches.</summary>
    public void Forbid(int rung) => _rungs[Clamp(rung)].Batching.Forbid();

    /// <summary>A batch of a rung found no memory.</summary>
    public void OutOfMemory(int rung, int rows) => _rungs[Clamp(rung)].Batching.OutOfMemory(rows);

    private bool IsKnown
    {
        get
        {
            foreach (var rung in _rungs)
                if (rung.Costs.IsKnown) return true;
            return false;
        }
    }

    private int Clamp(int rung) => Math.Clamp(rung, 0, _rungs.Length - 1);

    /// <summary>The shortest open rung up to that one; where none of them is open, the best that is.</summary>
    private int Shortest(int last)
    {
        int shortest = -1;
        double least = 0;
        foreach (int rung in _open)
        {
            if (rung > last) break;
            double takes = Typical(rung, 1);
            if (shortest < 0 || takes <= least) (shortest, least) = (rung, takes);
        }
        return shortest < 0 ? _open[0] : shortest;
    }

    private double Typical(int rung, int rows) => Source(rung, out double factor) is { } known ? factor * known.Costs.Typical(rows) : 0;

    private double Safe(int rung, int rows, double runs) => Source(rung, out double factor) is { } known ? factor * known.Costs.Safe(rows, runs) : 0;

    private double Least(int rung, int rows) => Source(rung, out double factor) is { } known ? factor / Slowing(known) * known.Costs.Least(rows) : 0;

    // What is known of a rung, or of the nearest that was ever run and how it compares by the bundle's own figures. What another rung has met of heat
    // or neighbours since its last run counts for it too. Its own first runs may be slow and are not held against it: there the lower of both counts.
    private RungForecast? Source(int rung, out double factor)
    {
        int place = Clamp(rung);
        var own = _rungs[place];
        factor = Slowing(own);
        if (own.IsTried) return own;
        if (Near(place) is not { } near) return own.Costs.IsKnown ? own : null;
        double compared = Slowing(_rungs[near]) * (1 + (_rungs[near].Part * (Ratio(place, near) - 1)));
        if (own.Costs.IsKnown && factor * own.Costs.Typical(1) <= compared * _rungs[near].Costs.Typical(1)) return own;
        factor = compared;
        return _rungs[near];
    }

    private int? Near(int place)
    {
        for (int away = 1; away < _rungs.Length; away++)
        {
            if (place >= away && _rungs[place - away].Costs.IsKnown) return place - away;
            if (place + away < _rungs.Length && _rungs[place + away].Costs.IsKnown) return place + away;
        }
        return null;
    }

    private double Ratio(int wanted, int known) => _rungs[wanted].Facts.Seconds is > 0 and var seconds && _rungs[known].Facts.Seconds is > 0 and var others
        ? seconds / others
        : Math.Pow(Guess, wanted - known);

    private double Slowing(RungForecast known) => _pace.Mean / known.Slowed;

    // The first runs of a size say little, so nothing is held against them.
    private void LearnPace(RungForecast rung, int rows, long duration)
    {
        if (rung.Costs.Knows(rows) && duration > 0) _pace.Learn(duration, rung.Costs.Least(rows));
        rung.Slowed = _pace.Mean;
    }
}
