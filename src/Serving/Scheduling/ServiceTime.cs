namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// What runs of one model take, by the number of rows in them, learned from its runs. Sizes that were never run are read off their neighbours. In the
/// clock's units. Not thread-safe: kept under its queue's lock.
/// </summary>
internal sealed class ServiceTime
{
    /// <summary>Sizes up to here are learned one by one; above them, together with all below the next power of two.</summary>
    public const int Exact = 64;

    private const int Sizes = Exact + 16;

    private const double Unslowed = -1; // asks for the least
    private const double GainOfLeast = 1 / 8.0; // one lucky run says little
    private const double GainOfSlowing = 1 / 8.0, MostAtOnce = 1.5; // one unlucky run says as little, however long it took

    private readonly Estimate[] _bySize = new Estimate[Sizes];
    private readonly double[] _least = new double[Sizes];
    private int _largest, _largestSettled;
    private double _slowing = 1; // of runs of any size against their least

    public bool IsKnown => _largest > 0;

    public void Add(int rows, long duration)
    {
        int place = PlaceOf(rows);
        _bySize[place].Add(duration);
        double least = _least[place];
        _least[place] = !_bySize[place].IsSettled ? _bySize[place].Mean : Math.Min(least, least + ((duration - least) * GainOfLeast));
        _largest = Math.Max(_largest, place);
        if (!_bySize[place].IsSettled) return;
        _largestSettled = Math.Max(_largestSettled, place);
        if (_least[place] > 0) _slowing += (Math.Min(duration / _least[place], MostAtOnce * _slowing) - _slowing) * GainOfSlowing;
    }

    /// <summary>Whether any run of so many rows has been seen.</summary>
    public bool WasRun(int rows) => _bySize[PlaceOf(rows)].IsKnown;

    /// <summary>Whether enough runs of so many rows have been seen to compare them with others.</summary>
    public bool Knows(int rows) => _bySize[PlaceOf(rows)].IsSettled;

    /// <summary>What a run of so many rows takes in the mean.</summary>
    public double Typical(int rows) => Read(rows, 0);

    /// <summary>What so many runs of so many rows take, and hardly ever more.</summary>
    public double Safe(int rows, double runs = 1) => Read(rows, runs);

    /// <summary>
    /// What a run of so many rows may be hoped to take: its least, as much slower as runs of all sizes are at present, so that a single one that stalled
    /// speaks against no size. Beyond what is known well, no more than what is.
    /// </summary>
    public double Hoped(int rows) => _slowing * (PlaceOf(rows) <= _largestSettled || _largestSettled == 0 ? Least(rows) : _least[_largestSettled]);

    /// <summary>What a run of so many rows takes when nothing slows it.</summary>
    public double Least(int rows) => Read(rows, Unslowed);

    private double Read(int rows, double runs)
    {
        int place = PlaceOf(rows);
        if (_bySize[place].IsKnown) return Value(place, runs);
        int below = place, above = place;
        while (below > 0 && !_bySize[below].IsKnown) below--;
        while (above <= _largest && !_bySize[above].IsKnown) above++;
        if (below == 0) return above <= _largest ? Value(above, runs) : 0;
        // Beyond what is known, as if batching saved nothing; between two sizes, along the line from one to the other.
        if (above > _largest) return Value(below, runs) * place / below;
        double low = Value(below, runs), high = Value(above, runs);
        return low + (high - low) * (place - below) / (above - below);
    }

    private double Value(int place, double runs) => runs switch
    {
        Unslowed => _least[place],
        0 => _bySize[place].Mean,
        _ => _bySize[place].Safe(runs),
    };

    private static int PlaceOf(int rows) => rows <= Exact ? Math.Max(rows, 1) : Math.Min(Exact + Bits(rows) - Bits(Exact), Sizes - 1);

    private static int Bits(int rows) => System.Numerics.BitOperations.Log2((uint)rows);
}
