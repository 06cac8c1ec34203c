using EdgeRuntime.Device.Degradation.Caps;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Serving.Hosting;

namespace EdgeRuntime.Device.Degradation;

/// <summary>
/// Looks at the device once a second and says which rungs may be used: the strictest of all rules. <see cref="Report"/> may be read from any thread; all
/// else belongs to the one that runs it. A look allocates the report, and texts where something changed.
/// </summary>
internal sealed class SlowLoop
{
    private readonly DeviceSensors _sensors;
    private readonly SlowLoopInputs _inputs;
    private readonly SensorSettings _settings;
    private readonly TimeProvider _time;
    private readonly Action<ConditionReport> _changed;
    private readonly CapRule[] _rules;
    private readonly long _start;
    private double _overwhelmed = double.NegativeInfinity;
    private volatile ConditionReport _report;

    /// <param name="sensors">Of the same settings; whoever made them disposes them after the loop ended.</param>
    /// <param name="inputs">What it asks of the rest of the device.</param>
    /// <param name="settings">Limits, interval and dwell.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Told on the loop's thread when state, cap or reason are others than before; must not block.</param>
    public SlowLoop(DeviceSensors sensors, SlowLoopInputs inputs, SensorSettings settings, TimeProvider time, Action<ConditionReport> changed)
    {
        (_sensors, _inputs, _settings, _time, _changed) = (sensors, inputs, settings, time, changed);
        _rules = [new MemoryRule(settings), new HeatRule(settings), new ThrottleRule(settings), new PowerRule(settings), new AcceleratorRule(settings), new LatencyRule(settings)];
        _start = time.GetTimestamp();
        var now = time.GetUtcNow();
        _report = new ConditionReport { State = Condition.Normal, Cap = 0, Reason = "", Since = now, At = now, Readings = default };
    }

    /// <summary>What the last look came to; normal before the first.</summary>
    public ConditionReport Report => _report;

    /// <summary>Looks at once and then at every interval, until <paramref name="stop"/>; then it returns.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        if (!stop.IsCancellationRequested) Look();
        return Periodic.RunAsync(_settings.Interval, Look, _time, stop);
    }

    /// <summary>One look.</summary>
    public void Look()
    {
        var situation = new Situation(_sensors.Read(), _inputs.Ladder(), _inputs.AcceleratorErrors(), _inputs.Latency());
        double now = _time.GetElapsedTime(_start).TotalSeconds;
        foreach (var rule in _rules) rule.Look(situation, now);
        var (before, after) = (_report, Next(situation, now));
        _report = after;
        if (after.Differs(before)) _changed(after);
    }

    private ConditionReport Next(in Situation situation, double now)
    {
        var strictest = Strictest();
        if (strictest.IsBeyond) _overwhelmed = now;
        var state = ConditionLifeCycle.Next(_report.State, Event(strictest, situation.Ladder.Count, now));
        var at = _time.GetUtcNow();
        // While it sheds on for its dwell, what made it shed is the reason.
        bool isReason = strictest.Reason.Length > 0 || state == Condition.Normal;
        return new ConditionReport
        {
            State = state,
            Cap = strictest.Value,
            Reason = isReason ? strictest.Reason : _report.Reason,
            Rule = !isReason ? _report.Rule : strictest.Reason.Length > 0 ? strictest.Name : "",
            Since = state == _report.State ? _report.Since : at,
            At = at,
            Readings = situation.Readings,
        };
    }

    private CapRule Strictest()
    {
        var strictest = _rules[0];
        foreach (var rule in _rules)
            if (rule.Value > strictest.Value || (rule.Value == strictest.Value && rule.IsBeyond && !strictest.IsBeyond)) strictest = rule;
        return strictest;
    }

    // To shed requests is a change like any other: it lasts for a dwell.
    private ConditionEvent Event(CapRule strictest, int rungs, double now)
    {
        bool isLast = strictest.Value == rungs - 1;
        if (isLast && (strictest.IsBeyond || (_report.State == Condition.Shedding && now - _overwhelmed < _settings.Dwell.TotalSeconds))) return ConditionEvent.Overwhelmed;
        return strictest.Value == 0 ? ConditionEvent.Uncapped : isLast ? ConditionEvent.Exhausted : ConditionEvent.Limited;
    }
}
