using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Device.Degradation;

/// <summary>
/// How models stand against their latency targets by what this device itself answered in the last few seconds. Only models that have a smaller rung to go
/// to are looked at. Asked by the slow loop; not thread-safe.
/// </summary>
/// <param name="lanes">The models.</param>
/// <param name="metrics">Where their answers are recorded.</param>
/// <param name="time">The clock.</param>
internal sealed class LatencyWatch(ModelLanes lanes, DeviceMetrics metrics, TimeProvider time)
{
    private const int Fewest = 20; // answers; the 95th of 100 is told by no fewer
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, HistogramWindow> _windows = new(StringComparer.Ordinal);
    private long _since = time.GetTimestamp();
    private LatencyStanding? _worst;

    /// <summary>The model that is farthest above its target, or least below it; null where none has one, or too little was asked lately.</summary>
    public LatencyStanding? Look()
    {
        if (time.GetElapsedTime(_since) < Span) return _worst;
        _since = time.GetTimestamp();
        _worst = null;
        foreach (var lane in lanes.All)
            if (lane is { LatencyTarget: { } target, Model.Ladder.Count: > 1 } && P95(lane) is { } p95 && (_worst is not { } worst || p95 / target > worst.P95 / worst.Target))
                _worst = new LatencyStanding(lane.Id, p95, target);
        return _worst;
    }

    // Of all versions of its name: what is recorded of one goes on where another takes its place.
    private TimeSpan? P95(ModelLane lane)
    {
        if (!_windows.TryGetValue(lane.Id, out var window)) window = _windows[lane.Id] = new HistogramWindow(HistogramScale.Latency);
        var counts = window.Open();
        foreach (var series in metrics.Model(lane.Name).All)
            if (series.Route == RequestRecorder.Local) series.Total.AddTo(counts);
        window.Close();
        return window.Count >= Fewest ? TimeSpan.FromTicks((long)window.Quantile(0.95)) : null;
    }
}
