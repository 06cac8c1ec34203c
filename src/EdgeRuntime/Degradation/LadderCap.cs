namespace EdgeRuntime.Device.Degradation;

/// <summary>
/// The best rung that may be used, moved by the slow loop: down at once where the device is in danger, up one rung at a time and only after it was
/// well for a while, so that it does not flap. A raise that has to be taken back soon makes the next one wait twice as long. Not thread-safe.
/// </summary>
/// <param name="rungs">How many there are.</param>
/// <param name="dwell">Seconds that a cap stays at least before it is raised.</param>
/// <param name="patience">How many times longer it may come to stay, where raises are taken back.</param>
internal sealed class LadderCap(int rungs, double dwell, int patience = 1)
{
    // A raise is proven once it has held for so many dwells.
    private const double Proof = 4;

    private int _last = rungs - 1, _longer = 1;
    private double _since = double.NegativeInfinity, _unwell = double.NegativeInfinity, _raised = double.NegativeInfinity;

    /// <summary>The index of the best rung that may be used.</summary>
    public int Value { get; private set; }

    /// <summary>Whether nothing smaller is left.</summary>
    public bool IsLast => Value == _last;

    /// <summary>One rung less, no sooner than <paramref name="pause"/> after the last change: what was changed needs time to show.</summary>
    public void Lower(double now, double pause)
    {
        if (!IsLast && now - _since >= pause) Drop(Value + 1, now);
    }

    /// <summary>No rung better than this one; it cannot be held.</summary>
    public void Require(int rung, double now)
    {
        if (Math.Min(rung, _last) > Value) Drop(Math.Min(rung, _last), now);
    }

    /// <summary>All is not well: the dwell begins anew.</summary>
    public void Hold(double now) => _unwell = now;

    /// <summary>One rung more, once the dwell has passed.</summary>
    public void Raise(double now)
    {
        if (Value == 0 || now - Math.Max(_since, _unwell) < _longer * dwell) return;
        (Value, _since, _raised) = (Value - 1, now, now);
    }

    /// <summary>There are so many rungs from now on.</summary>
    public void Fit(int rungs)
    {
        _last = rungs - 1;
        Value = Math.Min(Value, _last);
    }

    private void Drop(int rung, double now)
    {
        if (double.IsFinite(_raised)) _longer = now - _raised < Proof * _longer * dwell ? Math.Min(patience, 2 * _longer) : 1;
        (Value, _since, _raised) = (rung, now, double.NegativeInfinity);
    }
}
