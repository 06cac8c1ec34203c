using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Beacons;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Offload.Execution;

/// <summary>
/// Has a cluster answer requests: each that it is expected to answer in time, and no more at once than it bears. One that a bundle here could answer too keeps its
/// place in its lane's queue meanwhile (docs/adr/0017-a-request-with-a-server-keeps-its-place.md). Thread-safe.
/// </summary>
internal sealed partial class ClusterDesk : IOffloadDesk, IAsyncDisposable
{
    private const string ClusterVariant = "cluster";
    private const double LeastPause = 0.02, Unmeasured = 0.01; // seconds; the latter is what a call is said to take until the first answer
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    private readonly ClusterParts _parts;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<ModelLane, ClusterLine> _lines = [];
    private readonly HashSet<ClusterCall> _calls = [];
    private readonly ClusterHealth _health;

    public ClusterDesk(ClusterParts parts)
    {
        (_parts, _time) = (parts, parts.Time);
        (Client, Counters, Limits) = (parts.Client, parts.Role.Counters, parts.Role.Limits);
        _timer = _time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        parts.Role.Metrics.Cluster = Gauges;
        _health = new ClusterHealth(parts.Health, Lines, parts.Changed, parts.Log, _time, new Random(parts.Chance.Next()));
    }

    public IClusterClient Client { get; }

    public ResponseCounters Counters { get; }

    public ProtocolLimits Limits { get; }

    /// <summary>Whether the cluster answers, for one model at least.</summary>
    public bool IsUp => _health.IsUp && Lines().Any(static line => line.Standing.IsReady);

    /// <summary>Begins to ask the cluster how it is.</summary>
    public void Start() => _health.Start();

    public RouteAdvice Advise(in RouteQuery query)
    {
        if (query.Lane.Elsewhere is null) return new RouteAdvice(RequestRoute.Local);
        bool hasFallback = query.IsServedHere && query.Lane.Foresee(query.Properties, query.Due, query.Now).IsAdmitted;
        lock (_gate)
        {
            double now = Now();
            var line = Line_NeedsLock(query.Lane);
            var verdict = Judge_NeedsLock(line, query, hasFallback, now);
            if (verdict == LineVerdict.Taken) return new RouteAdvice(RequestRoute.Server, hasFallback, line);
            return hasFallback ? new RouteAdvice(RequestRoute.Local) : new RouteAdvice(RequestRoute.Refuse, Refusal: Explain_NeedsLock(line, verdict, query, now));
        }
    }

    public Outcome NoServer(string model) => new(RefusalReason.NoServer, $"model '{model}' is not asked of the cluster {Client.Address} at present", TimeSpan.FromSeconds(1));

    public ISending Prepare(PendingRequest pending, ModelLane lane, in RouteAdvice advice)
    {
        var line = (ClusterLine)advice.Server!;
        ClusterCall call;
        double now = Now(), late;
        bool isProbe;
        lock (_gate)
        {
            isProbe = line.Breaker.IsOpen;
            late = line.Times.Late;
            call = line.Begin(this, pending.Properties.Priority);
        }
        call.Begin(pending, advice.HasFallback, now, now + late, isProbe);
        pending.Sending = call;
        lock (_gate) _calls.Add(call);
        return call;
    }

    public bool TrySend(ISending prepared)
    {
        if (((ClusterCall)prepared).TrySend()) Arm();
        return true; // where it was over, somebody has answered it
    }

    public bool Cancel(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation)
    {
        bool found = false;
        foreach (var call in Snapshot())
        {
            lock (call.Gate)
            {
                if (call.IsOver || call.HasFallback || !call.Pending.Is(client, correlation) || !call.TryEnd_NeedsLock()) continue; // with a fallback, its lane's to find
                _parts.Role.Dismissal.End(call.Pending, call.Line.Lane.Name, ModelRunner.Cancelled);
                found = true;
            }
        }
        return found;
    }

    /// <summary>How a model stands, for the beacon; null where the cluster does not answer for it.</summary>
    public ModelLoad? Load(ModelLane lane)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(lane, out var line) || lane.Elsewhere != line.Remote || !_health.IsUp || !line.Standing.IsReady) return null;
            if (!line.Breaker.Allows(Now()) || (!line.Remote.IsAlone && lane.Model is null)) return null;
            long service = (long)((line.Times.IsKnown ? line.Times.Mean : Unmeasured) * 1e6);
            var waits = new long[ModelLane.Priorities];
            for (int priority = 0; priority < waits.Length; priority++) waits[priority] = line.HasRoom(priority) ? 0 : service;
            return new ModelLoad(lane.Name, lane.Slot.Version ?? line.Remote.Version, line.Remote.Quality, waits, service, 0);
        }
    }

    /// <summary>What is left for a call.</summary>
    public TimeSpan Budget(ClusterCall call)
    {
        long now = _time.GetTimestamp();
        return _time.GetElapsedTime(now, call.Line.Lane.Latest(call.Due, now));
    }

    // A lane whose configuration changed is another line.
    private ClusterLine Line_NeedsLock(ModelLane lane)
    {
        var remote = lane.Elsewhere!;
        if (_lines.TryGetValue(lane, out var line))
        {
            if (line.Remote == remote) return line;
            line.Dispose();
        }
        var recorder = _parts.Role.Recorder(lane);
        var series = _parts.Role.Metrics.Model(lane.Name).Series(ClusterVariant, RequestRecorder.Offload, lane.Slot.Version ?? remote.Version);
        return _lines[lane] = new ClusterLine(lane, remote, _parts.InFlight, recorder, series, new Random(_parts.Chance.Next()));
    }

    // Of the lanes that there are; those that went are forgotten.
    private List<ClusterLine> Lines()
    {
        var lanes = _parts.Lanes.All;
        lock (_gate)
        {
            foreach (var gone in _lines.Keys.Where(lane => !lanes.Contains(lane) || lane.Elsewhere is null).ToList())
            {
                _lines[gone].Dispose();
                _lines.Remove(gone);
            }
            return [.. lanes.Where(static lane => lane.Elsewhere is not null).Select(Line_NeedsLock)];
        }
    }

    private LineVerdict Judge_NeedsLock(ClusterLine line, in RouteQuery query, bool hasFallback, double now)
    {
        if (!_health.IsUp) return LineVerdict.Away;
        if (_calls.Count >= _parts.InFlight) return LineVerdict.Full;
        return line.Judge(query, hasFallback, _time.GetElapsedTime(query.Now, query.Due).TotalSeconds, now);
    }

    private Outcome Explain_NeedsLock(ClusterLine line, LineVerdict verdict, in RouteQuery query, double now)
    {
        string who = $"model '{line.Lane.Id}' of the cluster {Client.Address}";
        var wait = TimeSpan.FromSeconds(line.Wait(verdict, now));
        if (wait < Soonest) wait = Soonest;
        return verdict switch
        {
            LineVerdict.Away => new Outcome(RefusalReason.NoServer, $"the cluster {Client.Address} is not asked: {_health.Reason}", wait),
            LineVerdict.NotReady => new Outcome(RefusalReason.NoServer, $"{who} is not ready: {line.Standing.Reason}", wait),
            LineVerdict.NoBundle => line.Lane.Refusal(query.Properties),
            LineVerdict.BelowFloor => new Outcome(RefusalReason.Unfit, $"{who} has the quality {line.Remote.Quality:g4}, below the floor of {query.Properties.MinQuality:g4}"),
            LineVerdict.OtherVersion => new Outcome(RefusalReason.UnknownVersion, $"{who} is asked in version '{line.Remote.Version}', not in '{query.Properties.ModelVersion}'"),
            LineVerdict.Broken => new Outcome(RefusalReason.NoServer, $"{who} failed and is left alone for a while", wait),
            LineVerdict.Busy => new Outcome(RefusalReason.ServerBusy, $"{who} asked to be left alone", wait),
            LineVerdict.Full => new Outcome(RefusalReason.ServerBusy,
                $"{who} has {line.UnderWay} calls under way, of {_calls.Count} of this server: it bears {line.Limit.Value} at present, and {_parts.InFlight} at most for all (executor.inFlight)", wait),
            _ => new Outcome(RefusalReason.NoTime, $"{who} takes {line.Times.Within(1) * 1000:f0} ms at present, and {_time.GetElapsedTime(query.Now, query.Due).TotalMilliseconds:f0} ms are left", wait),
        };
    }

    private ClusterGauges Gauges()
    {
        lock (_gate) return new ClusterGauges(_health.IsUp, [.. _lines.Values.Select(static line => new ClusterModelGauges(line.Labels, line.Standing.IsReady, line.UnderWay, line.Limit.Value))]);
    }

    private ClusterCall[] Snapshot()
    {
        lock (_gate) return [.. _calls];
    }

    private double Now() => _time.GetElapsedTime(0, _time.GetTimestamp()).TotalSeconds;
}
