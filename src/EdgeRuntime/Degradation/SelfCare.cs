using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;

namespace EdgeRuntime.Device.Degradation;

/// <summary>The slow loop at work in a device: what it says caps the ladders of all models, is logged, and told to whoever publishes it.</summary>
internal sealed class SelfCare : IDisposable
{
    private const int MostRungs = 16;

    private readonly ModelLanes _lanes;
    private readonly EventLog _log;
    private readonly Action _publish;
    private readonly DeviceSensors _sensors;
    private readonly SlowLoop _loop;
    private readonly TimeProvider _time;
    private LatencyWatch? _latency;
    private DeviceMetrics? _metrics;

    /// <param name="settings">What is looked at.</param>
    /// <param name="lanes">Whose ladders are capped.</param>
    /// <param name="publish">Told after every change; must not block.</param>
    /// <param name="log">Where changes go.</param>
    /// <param name="time">The clock.</param>
    public SelfCare(SensorSettings settings, ModelLanes lanes, Action publish, EventLog log, TimeProvider time)
    {
        (_lanes, _log, _publish, _sensors, _time) = (lanes, log, publish, new DeviceSensors(settings, time), time);
        _loop = new SlowLoop(_sensors, new SlowLoopInputs { Ladder = Ladder, Latency = () => _latency?.Look(), AcceleratorErrors = AcceleratorErrors }, settings, time, Changed);
    }

    /// <summary>How the device is.</summary>
    public ConditionReport Report => _loop.Report;

    /// <summary>Where answers are recorded, before it looks for the first time; told there from now on is also how the device is.</summary>
    public void Observe(DeviceMetrics metrics)
    {
        (_metrics, _latency) = (metrics, new LatencyWatch(_lanes, metrics, _time));
        metrics.Condition = () => ConditionMetrics.Gauges(Report);
    }

    /// <summary>Looks at every interval, until <paramref name="stop"/>; then it returns.</summary>
    public Task RunAsync(CancellationToken stop) => Task.Run(() => _loop.RunAsync(stop), CancellationToken.None);

    public void Dispose() => _sensors.Dispose();

    private void Changed(ConditionReport report)
    {
        _lanes.Cap(report.Cap == 0 ? RungCap.None : new RungCap(report.Cap, report.Reason, report.FreesMemory));
        _log.Info("device", report.State == Condition.Normal ? "all rungs may be used again" : $"{report.StateName}: rung {report.Cap} at best: {report.Reason}");
        _publish();
    }

    // Of models that do not run on the CPU.
    private long AcceleratorErrors()
    {
        long errors = 0;
        foreach (var lane in _lanes.All)
            if (lane.Model?.IsAccelerated == true) errors += _metrics?.Model(lane.Name).Count(InferenceStatus.Internal) ?? 0;
        return errors;
    }

    // What all models together hold for each cap, by what their bundles say that a rung needs.
    private RungMemory Ladder()
    {
        Span<long> bytes = stackalloc long[MostRungs];
        int rungs = 1;
        foreach (var lane in _lanes.All)
        {
            if (lane.Model is not { } model) continue;
            int own = Math.Min(model.Ladder.Count, MostRungs);
            rungs = Math.Max(rungs, own);
            for (int cap = 0; cap < MostRungs; cap++)
                for (int rung = Math.Min(cap, own - 1); rung < own; rung++) bytes[cap] += model.Ladder[rung].Memory.Bytes;
        }
        return new RungMemory(bytes[..rungs]);
    }
}
