using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>
/// Spares a battery: below its floor the ladder is capped, the lower the charge the more, down to the smallest rung at none. Keeps what the power
/// monitors show below a limit, where one is set.
/// </summary>
internal sealed class PowerRule(SensorSettings settings) : CapRule(settings.Dwell)
{
    private const double Pause = 3, Smoothing = 0.3, Ease = 0.9, Recharged = 3;

    private double _watts = double.NaN;
    private bool _isLow;

    public override string Name => "power";

    protected override Verdict Judge(in Situation situation, double now)
    {
        if (situation.Readings.Power is not { } power) return Verdict.Well;
        var battery = Battery(power, situation.Ladder.Count, now);
        return Watts(power, now) is var watts && watts > battery ? watts : battery;
    }

    protected override string Describe(in Situation situation, Verdict verdict)
    {
        var power = situation.Readings.Power;
        if (verdict == Verdict.Well || power is null) return "power: enough again, better rungs come back one by one";
        return _isLow ? $"power: the battery is at {power.Value.BatteryPercent:0} %, below the floor of {settings.BatteryFloorPercent:0} %"
            : $"power: {_watts:0.#} W against the limit of {settings.PowerLimitWatts:0.#} W";
    }

    // With the smallest rung all is done for a battery: it is no danger that would make a device refuse requests.
    private Verdict Battery(PowerReading power, int rungs, double now)
    {
        double floor = settings.BatteryFloorPercent;
        _isLow = power.IsDischarging && power.BatteryPercent < (_isLow ? floor + Recharged : floor);
        if (!_isLow || power.BatteryPercent is not { } charge) return Verdict.Well;
        Cap.Require((int)Math.Ceiling(Math.Max(0, floor - charge) / floor * (rungs - 1)), now);
        return Verdict.Uneasy;
    }

    private Verdict Watts(PowerReading power, double now)
    {
        if (power.Watts is not { } watts || settings.PowerLimitWatts is not { } limit) return Verdict.Well;
        _watts = double.IsNaN(_watts) ? watts : _watts + (Smoothing * (watts - _watts));
        if (_watts < Ease * limit) return Verdict.Well;
        if (_watts <= limit) return Verdict.Uneasy;
        Cap.Lower(now, Pause);
        return Verdict.Danger;
    }
}
