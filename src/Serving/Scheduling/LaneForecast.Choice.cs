using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Scheduling;

// Which rung a run takes; see Ladder.
internal sealed partial class LaneForecast
{
    private const double Caution = 3.3; // standard deviations; one promise in two thousand

    private Ladder _ladder; // of the open rungs

    /// <summary>How many requests share a run of any rung, at most.</summary>
    public int Together
    {
        get
        {
            int least = int.MaxValue;
            foreach (int rung in _open) least = Math.Min(least, _rungs[rung].Batching.Limit);
            return least;
        }
    }

    /// <summary>Seconds that a request takes of the device at the least, when nothing slows it: its part of the shortest run that its floor allows.</summary>
    public double Share(int last)
    {
        int rung = Shortest(last);
        double perRun = Math.Max(1, _fill * _rungs[rung].Batching.Limit);
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
    public int Choose(ReadOnlySpan<Promise> promises, in RunAhead run, int requests, double left)
    {
        Expect(requests);
        int chosen = _ladder.Choose(new Schedule(promises, 0, _pace, Caution), left, Place(run.Cap), run.Floor);
        if (chosen < 0) chosen = _ladder.Shortest(0, run.Floor);
        if (chosen >= 0 && promises.Length > 0) chosen = Tried(chosen, run.Floor);
        return chosen < 0 ? -1 : _open[chosen];
    }

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
        Span<double> seconds = stackalloc double[_open.Length];
        for (int place = 0; place < _open.Length; place++) seconds[place] = Expected(_open[place], Rows(requests)) / _second;
        _ladder.Expect(seconds);
    }

    // What waits was promised on the word of a rung that was never run here: better to hear from it while there is time than at the last moment.
    private int Tried(int chosen, double floor)
    {
        for (int place = _open.Length - 1; place > chosen; place--)
            if (_rungs[_open[place]] is { IsTried: false } rung && rung.Facts.Quality >= floor) return place;
        return chosen;
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
