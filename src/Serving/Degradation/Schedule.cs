namespace EdgeRuntime.Serving.Degradation;

/// <summary>
/// What a device has promised, in the order of its deadlines, and whether more can be: everything that waits is counted at its shortest run, since
/// the rung is chosen when a run begins. A view that is built for one decision; in seconds.
/// </summary>
/// <param name="promises">Earliest deadline first.</param>
/// <param name="rest">What is left of the run under way, expected.</param>
/// <param name="pace">The device's.</param>
/// <param name="deviations">Caution, see <see cref="Pace.Safe"/>.</param>
/// <param name="coming">How full it is at the least by what is asked for, see <see cref="OfferedLoad.Fullness"/>.</param>
internal readonly ref struct Schedule(ReadOnlySpan<Promise> promises, double rest, Pace pace, double deviations, double coming = 0)
{
    private readonly ReadOnlySpan<Promise> _promises = promises;
    private readonly double _rest = rest, _deviations = deviations, _coming = coming;
    private readonly Pace _pace = pace;

    /// <summary>Whether nothing is promised.</summary>
    public bool IsEmpty => _promises.IsEmpty;

    /// <summary>Whether all promises are kept, and one more, if that one runs so long.</summary>
    /// <param name="left">Until its deadline.</param>
    /// <param name="seconds">Of its run.</param>
    public bool Fits(double left, double seconds)
    {
        var (work, squares, isIn) = (_rest, _rest * _rest, false);
        foreach (var promise in _promises)
        {
            if (!isIn && left < promise.Left)
            {
                if (!Holds(ref work, ref squares, seconds, left)) return false;
                isIn = true;
            }
            if (!Holds(ref work, ref squares, promise.Least, promise.Left)) return false;
        }
        return isIn || Holds(ref work, ref squares, seconds, left);
    }

    /// <summary>Whether all promises are kept if a run of so long begins now, ahead of them.</summary>
    public bool FitsFirst(double seconds, double left)
    {
        var (work, squares) = (_rest, _rest * _rest);
        if (!Holds(ref work, ref squares, seconds, left)) return false;
        foreach (var promise in _promises)
            if (!Holds(ref work, ref squares, promise.Least, promise.Left)) return false;
        return true;
    }

    /// <summary>How much of the time up to the tightest deadline is promised, or can be expected to be: 0 nothing, 1 all of it.</summary>
    public double Fullness
    {
        get
        {
            var (work, squares, most) = (_rest, _rest * _rest, _coming);
            foreach (var promise in _promises)
            {
                (work, squares) = (work + promise.Least, squares + (promise.Least * promise.Least));
                most = Math.Max(most, promise.Left <= 0 ? 1 : _pace.Safe(work, squares, _deviations) / promise.Left);
            }
            return Math.Min(1, most);
        }
    }

    /// <summary>When what is promised with an earlier deadline than this will be done, expected.</summary>
    public double Ahead(double left)
    {
        double work = _rest;
        foreach (var promise in _promises)
            if (promise.Left <= left) work += promise.Least;
        return _pace.Mean * work;
    }

    private bool Holds(ref double work, ref double squares, double seconds, double left)
    {
        (work, squares) = (work + seconds, squares + (seconds * seconds));
        return _pace.Safe(work, squares, _deviations) <= left;
    }
}
