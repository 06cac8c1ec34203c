namespace EdgeRuntime.Serving.Degradation;

/// <summary>
/// Which rung a run takes: the most of quality less what its time is worth to the others. The price of a second rises with how full the schedule is,
/// from nothing to well above the steepest step of the ladder, so that the shortest run is taken before a promise is in danger
/// (drift plus penalty, Neely 2010: the backlog is the price).
/// </summary>
internal sealed class Ladder
{
    /// <summary>By how much the price of a full schedule exceeds the steepest step: the shortest run from a quarter on, what is left is for those who come next.</summary>
    public const double Excess = 4;

    private readonly Rung[] _rungs;
    private double _steepest;

    /// <param name="rungs">Best quality first; those that are worse and slower than another one are never taken.</param>
    public Ladder(IEnumerable<Rung> rungs)
    {
        _rungs = [.. rungs];
        _steepest = Steepest();
    }

    /// <summary>How many there are.</summary>
    public int Count => _rungs.Length;

    /// <summary>Other run times, of all rungs: they are learned while the device serves.</summary>
    public void Expect(ReadOnlySpan<Rung> rungs)
    {
        rungs.CopyTo(_rungs);
        _steepest = Steepest();
    }

    public Rung this[int rung] => _rungs[rung];

    /// <summary>What a second of the device is worth, in quality.</summary>
    public double Price(double fullness) => Excess * _steepest * fullness;

    /// <summary>The shortest rung from a cap on that meets a floor; negative where none does.</summary>
    public int Shortest(int cap, double floor)
    {
        var shortest = -1;
        for (var rung = cap; rung < _rungs.Length; rung++)
            if (_rungs[rung].Quality >= floor && (shortest < 0 || _rungs[rung].Seconds < _rungs[shortest].Seconds)) shortest = rung;
        return shortest;
    }

    /// <summary>What a run of a rung is worth, less what its time costs the others.</summary>
    public double Worth(int rung, double price) => _rungs[rung].Quality - (price * _rungs[rung].Seconds);

    /// <summary>The most that a run can be worth.</summary>
    /// <param name="price">Of a second, see <see cref="Price"/>.</param>
    /// <param name="cap">The best rung that may be used at present.</param>
    /// <param name="floor">The least quality.</param>
    public double Worth(double price, int cap, double floor)
    {
        var most = double.NegativeInfinity;
        for (var rung = cap; rung < _rungs.Length; rung++)
            if (_rungs[rung].Quality >= floor) most = Math.Max(most, Worth(rung, price));
        return most;
    }

    /// <summary>
    /// The rung for a run that begins now, ahead of what is promised; the shortest where none is safe any more, since a promise that may be kept is not
    /// given up. Negative where no rung meets the floor.
    /// </summary>
    /// <param name="schedule">The others.</param>
    /// <param name="left">Until the request's deadline.</param>
    /// <param name="cap">The best rung that may be used at present.</param>
    /// <param name="floor">The least quality.</param>
    public int Choose(in Schedule schedule, double left, int cap, double floor)
    {
        double price = Price(schedule.Fullness), best = double.NegativeInfinity;
        var chosen = -1;
        for (var rung = cap; rung < _rungs.Length; rung++)
        {
            if (_rungs[rung].Quality < floor || Worth(rung, price) <= best || !schedule.FitsFirst(_rungs[rung].Seconds, left)) continue;
            (best, chosen) = (Worth(rung, price), rung);
        }
        return chosen >= 0 ? chosen : Shortest(cap, floor);
    }

    private double Steepest()
    {
        var steepest = 0.0;
        for (var i = 1; i < _rungs.Length; i++)
            if (_rungs[i - 1].Seconds > _rungs[i].Seconds) steepest = Math.Max(steepest, (_rungs[i - 1].Quality - _rungs[i].Quality) / (_rungs[i - 1].Seconds - _rungs[i].Seconds));
        return steepest;
    }
}
