using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>Keeps every thermal zone below its throttle point. Watches how far the zone is from its limit that is nearest to it: zones differ in theirs.</summary>
internal sealed class HeatRule : CapRule
{
    private readonly HeatWatch _watch;

    public HeatRule(SensorSettings settings) : base(settings.Dwell) => _watch = new HeatWatch(0, Cap);

    protected override Verdict Judge(in Situation situation, double now) => situation.Readings.Heat is { } heat ? _watch.Look(heat.Excess, now) : Verdict.Well;

    protected override string Describe(in Situation situation, Verdict verdict)
    {
        if (situation.Readings.Heat is not { } heat) return "heat: no thermal zone says anything any more, better rungs come back one by one";
        var zone = $"heat: {heat.Zone} is at {heat.Celsius:0.#} C";
        return verdict == Verdict.Danger
            ? $"{zone}, {(heat.Excess > 0 ? "above" : "near")} its limit of {heat.Limit:0.#} C"
            : $"{zone} of {heat.Limit:0.#} C, better rungs come back one by one";
    }
}
