using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>
/// Takes smaller rungs where the kernel throttles already, whatever the thermal zones say. Cooling devices count from the least that was seen of them:
/// some hold a clock back for good, by a power mode.
/// </summary>
internal sealed class ThrottleRule(SensorSettings settings) : CapRule(settings.Dwell)
{
    private const double Pause = 3;

    private long? _events, _least;
    private long _more;

    public override string Name => "throttling";

    protected override Verdict Judge(in Situation situation, double now)
    {
        if (situation.Readings.Throttling is not { } throttling) return Verdict.Well;
        _more = throttling.Events - _events ?? 0;
        _events = throttling.Events ?? _events;
        if (throttling.Cooling is { } cooling) _least = Math.Min(_least ?? cooling, cooling);
        if (_more <= 0 && !(throttling.Cooling > _least)) return Verdict.Well;
        Cap.Lower(now, Pause);
        return Verdict.Danger;
    }

    protected override string Describe(in Situation situation, Verdict verdict)
    {
        if (verdict == Verdict.Well || situation.Readings.Throttling is not { } throttling) return "throttling: over, better rungs come back one by one";
        var clock = throttling.Clock is { } share ? $", the fastest clock is at {100 * share:0} %" : "";
        return _more > 0 ? $"throttling: cores were throttled {_more} times within a look, none should be{clock}"
            : $"throttling: cooling devices are at step {throttling.Cooling}, above {_least}{clock}";
    }
}
