namespace EdgeRuntime.Device.Degradation;

/// <summary>
/// The best rung that may be used, moved by the slow loop: down at once where the device is in danger, up one rung at a time and only after it was
/// well for a while, so that it does not flap. Not thread-safe.
/// </summary>
/// <param name="rungs">How many there are.</param>
/// <param name="dwell">Seconds that a cap stays at least before it is raised.</param>
internal sealed class LadderCap(int rungs, double dwell)
{
    private double _since = double.NegativeInfinity;

    /// <summary>The index of the best rung that may be used.</summary>
    public int Value { get; private set; }

    /// <summary>One rung less, no sooner than <paramref name="pause"/> after the last change: what was changed needs time to show.</summary>
    public void Lower(double now, double pause)
    {
        if (Value == rungs - 1 || now - _since < pause) return;
        (Value, _since) = (Value + 1, now);
    }

    /// <summary>No rung better than this one; it cannot be held.</summary>
    public void Require(int rung, double now)
    {
        if (rung <= Value) return;
        (Value, _since) = (Math.Min(rung, rungs - 1), now);
    }

    /// <summary>One rung more, once the dwell has passed.</summary>
    public void Raise(double now)
    {
        if (Value == 0 || now - _since < dwell) return;
        (Value, _since) = (Value - 1, now);
    }
}
