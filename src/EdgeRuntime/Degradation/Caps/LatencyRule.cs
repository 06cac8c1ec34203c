using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>Takes smaller rungs where models are above their latency targets. What cannot be answered in time the admission refuses by itself.</summary>
internal sealed class LatencyRule(SensorSettings settings) : CapRule(settings.Dwell)
{
    private const double Pause = 5, Ease = 0.7;

    public override string Name => "latency";

    protected override Verdict Judge(in Situation situation, double now)
    {
        if (situation.Latency is not { } latency || latency.P95 < Ease * latency.Target) return Verdict.Well;
        if (latency.P95 > latency.Target) Cap.Lower(now, Pause);
        return Verdict.Uneasy;
    }

    protected override string Describe(in Situation situation, Verdict verdict) => situation.Latency is { } latency
        ? $"latency: p95 of model '{latency.Model}' is {latency.P95.TotalMilliseconds:0.#} ms, {(verdict == Verdict.Well ? "well below" : "against")} the target of {latency.Target.TotalMilliseconds:0.#} ms"
        : "latency: nothing was asked lately, better rungs come back one by one";
}
