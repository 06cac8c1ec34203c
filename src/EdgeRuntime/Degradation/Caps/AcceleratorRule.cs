using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>Takes a smaller rung where an accelerator fails runs: less memory and less power is what a failing one lacks most often.</summary>
internal sealed class AcceleratorRule(SensorSettings settings) : CapRule(settings.Dwell)
{
    private const double Pause = 3;

    private long _errors, _more;
    private bool _isKnown;

    public override string Name => "accelerator";

    protected override Verdict Judge(in Situation situation, double now)
    {
        _more = _isKnown ? situation.AcceleratorErrors - _errors : 0;
        (_errors, _isKnown) = (situation.AcceleratorErrors, true);
        if (_more <= 0) return Verdict.Well;
        Cap.Lower(now, Pause);
        return Verdict.Uneasy;
    }

    protected override string Describe(in Situation situation, Verdict verdict) =>
        verdict == Verdict.Well ? "accelerator: no errors any more, better rungs come back one by one" : $"accelerator: it failed {_more} runs within a look, none should fail";
}
