using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>
/// Keeps every thermal zone below its throttle point. Watches how far the zone is from its limit that is nearest to it: zones differ in theirs. A better
/// rung that was too warm is tried again only from where it could stay for a dwell at the rate at which it heated, and cooler than the last time, or after
/// a long time.
/// </summary>
internal sealed class HeatRule : CapRule
{
    private const double Proof = 4, Forgetting = 30, Cooler = 3, Coolest = 25; // dwells, dwells, degrees, degrees: a jump says little of a rate

    private readonly HeatWatch _watch;
    private readonly double _dwell;
    private double _excess, _raised = double.NegativeInfinity, _raisedFrom, _bears, _forgets = double.NegativeInfinity;
    private int _value;

    public HeatRule(SensorSettings settings) : base(settings.Dwell) => (_watch, _dwell) = (new HeatWatch(0, Cap), settings.Dwell.TotalSeconds);

    public override string Name => "heat";

    protected override Verdict Judge(in Situation situation, double now)
    {
        if (situation.Readings.Heat is not { } heat) return Verdict.Well;
        if (Value < _value) Raised(now);
        (_value, _excess) = (Value, heat.Excess);
        var verdict = _watch.Judge(heat.Excess, now);
        if (Value > _value) Lowered(now);
        _value = Value;
        return verdict == Verdict.Well && now < _forgets && heat.Excess > _bears ? Verdict.Uneasy : verdict;
    }

    protected override string Describe(in Situation situation, Verdict verdict)
    {
        if (situation.Readings.Heat is not { } heat) return "heat: no thermal zone says anything any more, better rungs come back one by one";
        var zone = $"heat: {heat.Zone} is at {heat.Celsius:0.#} C";
        return verdict == Verdict.Danger
            ? $"{zone}, {(heat.Excess > 0 ? "above" : "near")} its limit of {heat.Limit:0.#} C"
            : $"{zone} of {heat.Limit:0.#} C, better rungs come back one by one";
    }

    private void Raised(double now)
    {
        (_raised, _raisedFrom) = (now, _excess);
        _watch.Begin();
    }

    private void Lowered(double now)
    {
        double bears = Math.Min(Math.Max(_watch.From(_dwell), -Coolest), now < _forgets ? _bears : 0);
        if (now - _raised < Proof * _dwell) bears = Math.Min(bears, _raisedFrom - Cooler);
        (_bears, _forgets, _raised) = (bears, now + (Forgetting * _dwell), double.NegativeInfinity);
        _watch.Begin();
    }
}
