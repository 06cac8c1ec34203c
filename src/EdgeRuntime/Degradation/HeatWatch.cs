using EdgeRuntime.Device.Degradation.Caps;

namespace EdgeRuntime.Device.Degradation;

/// <summary>
/// Keeps a device below the temperature at which its kernel throttles it: looks ahead along the slope, and lowers the cap of the ladder before that
/// point is reached. Asked about once a second. Not thread-safe.
/// </summary>
/// <param name="limit">Where the kernel throttles, in degrees Celsius.</param>
/// <param name="cap">What it moves.</param>
internal sealed class HeatWatch(double limit, LadderCap cap)
{
    private const double Ahead = 8, Margin = 2, Ease = 6, Pause = 3, SlopeGain = 0.3;

    private double _last = double.NaN, _at, _slope, _steepest;

    /// <param name="celsius">The hottest of the zones that matter.</param>
    /// <param name="now">Seconds, on a clock that never goes back.</param>
    public void Look(double celsius, double now)
    {
        if (Judge(celsius, now) == Verdict.Well) cap.Raise(now);
    }

    /// <summary>Another rung heats otherwise: rates are of now on.</summary>
    public void Begin() => _steepest = 0;

    /// <summary>
    /// From how far below the limit it takes so many seconds until the cap would be lowered; in degrees, negative. At the steepest rate since <see cref="Begin"/>:
    /// what is cooler heats faster.
    /// </summary>
    public double From(double seconds) => -Margin - (_steepest * (Ahead + seconds));

    /// <summary>Lowers the cap where that is needed, and leaves it to others to raise it.</summary>
    public Verdict Judge(double celsius, double now)
    {
        if (now > _at && !double.IsNaN(_last)) _slope += SlopeGain * (((celsius - _last) / (now - _at)) - _slope);
        (_last, _at, _steepest) = (celsius, now, Math.Max(_steepest, _slope));
        double hottest = Math.Max(celsius + (Ahead * _slope), celsius);
        if (hottest <= limit - Margin) return hottest < limit - Ease ? Verdict.Well : Verdict.Uneasy;
        cap.Lower(now, Pause);
        return Verdict.Danger;
    }
}
