using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Scheduling;

// Which rung a run takes; see Ladder.
internal sealed partial class LaneForecast
{
    private Ladder _ladder; // of the open rungs
    private OfferedLoad _load;

    /// <summary>How many requests share a run of any rung, at most.</summary>
    public int MostInAnyRun
    {
        get
        {
            int least = int.MaxValue;
            foreach (int rung in _open) least = Math.Min(least, _rungs[rung].Batching.MostPaying);
            return least;
        }
    }

    /// <summary>Seconds that a request takes of the device at the least, when nothing slows it: its part of the shortest run that its floor allows.</summary>
    public double Share(int last)
    {
        int rung = Shortest(last);
        double perRun = Math.Max(1, _fill * _rungs[rung].Batching.MostPaying);
        return (Least(rung, Rows(perRun)) + _turnWait.Mean) / perRun / _second;
    }

    /// <summary>
    /// The rung for a run that begins now: the best trade that keeps what is promised, of those that the cap leaves; one above the cap only for a floor
    /// that was accepted before the cap came. Negative where no open rung meets the floor.
    /// </summary>
    /// <param name="promises">What waits beyond this run, by deadline.</param>
    /// <param name="run">What is to run.</param>
    /// <param name="requests">How many may share it.</param>
    /// <param name="left">Seconds until the tightest deadline among them.</param>
    /// <param name="now">The time.</param>
    public int Choose(ReadOnlySpan<Promise> promises, in RunAhead run, int requests, double left, long now = 0)
    {
        Expect(requests);
        int chosen = RungChoice.Decide(_ladder, new Schedule(promises, 0, _pace, RungChoice.Caution, Coming(now)), left, Place(run.Cap), run.Floor);
        return chosen < 0 ? -1 : _open[chosen];
    }

    /// <summary>What the choice that was just made was made from; allocates.</summary>
    /// <inheritdoc cref="Choose"/>
    /// <param name="rung">What was chosen.</param>
    public RungDecision Recall(ReadOnlySpan<Promise> promises, in RunAhead run, double left, long now, int rung) => new(
        [.. _open.Select(open => _rungs[open].Facts.Id)], [.. Enumerable.Range(0, _ladder.Count).Select(place => _ladder[place])], promises.ToArray(), _pace, Coming(now), left, Place(run.Cap), run.Floor,
        Array.IndexOf(_open, rung));

    /// <summary>A request is this device's to answer, with that rung as the last that its floor allows.</summary>
    public void Offered(long now, int last) => _load.Add((double)now / _second, _pace.Mean * Share(last));

    /// <summary>How full the schedule is at the least, by what is asked for.</summary>
    public double Coming(long now) => _load.Fullness((double)now / _second);

    /// <summary>What a run is worth that would be taken, by how full the schedule is: 0 empty, 1 not a moment left.</summary>
    public Foresight Foresee(double fullness, in RunAhead run)
    {
        Expect(requests: 1);
        int cap = Place(run.Cap), shortest = _ladder.Shortest(cap, run.Floor);
        if (shortest < 0) shortest = _ladder.Shortest(cap = 0, run.Floor); // a floor that the cap leaves nothing of
        if (shortest < 0) return default;
        // A second of a single rung is worth what a request is: there is no step to tell it by.
        if (_open.Length == 1) return new Foresight(true, OfOne(fullness), OfOne(fullness));
        double price = _ladder.Price(fullness);
        return new Foresight(true, _ladder.Worth(price, cap, run.Floor), _ladder.Worth(shortest, price));
    }

    private double OfOne(double fullness) => _ladder[0].Quality * (1 - (Ladder.Excess * fullness));

    private void Expect(int requests)
    {
        Span<Rung> rungs = stackalloc Rung[_open.Length];
        for (int place = 0; place < _open.Length; place++)
        {
            var known = _rungs[_open[place]];
            rungs[place] = new Rung(known.Facts.Quality, Expected(_open[place], Rows(requests)) / _second, !known.IsTried);
        }
        _ladder.Expect(rungs);
    }

    // Before anything was run, the bundle's own figures are better than nothing.
    private double Expected(int rung, int rows) => IsKnown ? Least(rung, rows) : _rungs[rung].Facts.Seconds * _second;

    private int Rows(double requests) => Math.Max(1, (int)Math.Round(requests * _rowsEach));

    // The first open rung that a cap leaves; the last one there is where it leaves none, since somebody has to answer.
    private int Place(int cap)
    {
        int place = 0;
        while (place < _open.Length - 1 && _open[place] < cap) place++;
        return place;
    }
}
