namespace EdgeRuntime.Device.Degradation;

/// <summary>
/// Keeps a device below the temperature at which its kernel throttles it: looks ahead along the slope, and lowers the cap of the ladder before that
/// point is reached. Asked once a second. Not thread-safe.
/// </summary>
/// <param name="limit">Where the kernel throttles, in degrees Celsius.</param>
/// <param name="cap">What it moves.</param>
internal sealed class HeatWatch(double limit, LadderCap cap)
{
    private const double Ahead = 8, Margin = 2, Ease = 6, Pause = 3, SlopeGain = 0.3;

    private double _last = double.NaN, _slope;

    /// <param name="celsius">The hottest of the zones that matter.</param>
    /// <param name="now">Seconds, on a clock that never goes back.</param>
    public void Look(double celsius, double now)
    {
        if (!double.IsNaN(_last)) _slope += SlopeGain * (celsius - _last - _slope);
        _last = celsius;
        double soon = celsius + (Ahead * _slope);
        if (Math.Max(soon, celsius) > limit - Margin) cap.Lower(now, Pause);
        else if (Math.Max(soon, celsius) < limit - Ease) cap.Raise(now);
    }
}
