using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Degradation;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Offload.Execution;

/// <summary>One model of a cluster: how it is, and what its answers say of it. Not thread-safe but for <see cref="Standing"/> and <see cref="Sides"/>: the desk locks.</summary>
internal sealed class ClusterLine(ModelLane lane, RemoteModel remote, int most, RequestRecorder recorder, RequestSeries series, Random chance) : IDisposable
{
    private const int MostIdle = 64, MostLarge = 4, MostFailures = 5;
    private const double Hopeful = 1, Cautious = 2; // deviations: with a fallback, and without
    private const double Old = 1; // seconds after which a measurement is no reason to refuse, when nothing is under way

    private readonly int[] _underWay = new int[ModelLane.Priorities];
    private readonly Stack<ClusterCall> _idle = [];
    private volatile LineStanding _standing = new(new ClusterModel(remote.Name, remote.Version), false, "it was not asked for yet");
    private double _busyUntil;
    private int _busyPriority, _failures;

    public ModelLane Lane { get; } = lane;
    /// <summary>For metrics.</summary>
    public byte[] Labels { get; } = Serving.Metrics.Labels.OfModel(lane.Name, lane.Slot.Version);
    public RemoteModel Remote { get; } = remote;
    public byte[] Name { get; } = Encoding.UTF8.GetBytes(lane.Name);
    public RequestRecorder Recorder { get; } = recorder;
    public RequestSeries Series { get; } = series;
    public BundleSides Sides { get; } = new(lane);
    public Breaker Breaker { get; } = new(chance);
    public ConcurrencyLimit Limit { get; } = new(most);
    public CallTimes Times { get; } = new();

    /// <summary>Calls that are under way.</summary>
    public int UnderWay { get; private set; }

    public LineStanding Standing { get => _standing; set => _standing = value; }

    public LineVerdict Judge(in RouteQuery query, bool hasFallback, double left, double now)
    {
        int priority = query.Properties.Priority;
        if (!_standing.IsReady) return LineVerdict.NotReady;
        if (!Remote.IsAlone && Lane.Model is null) return LineVerdict.NoBundle;
        if (query.Properties.MinQuality > Remote.Quality) return LineVerdict.BelowFloor;
        if (!IsOfVersion(query.Properties.ModelVersion)) return LineVerdict.OtherVersion;
        if (!Breaker.Allows(now)) return LineVerdict.Broken;
        if (Breaker.IsOpen) return LineVerdict.Taken; // a probe: what hangs keeps its place, and what was measured is of before
        if (now < _busyUntil && priority <= _busyPriority) return LineVerdict.Busy;
        if (!HasRoom(priority)) return LineVerdict.Full;
        bool isOld = UnderWay == 0 && now - Times.MeasuredAt > Old;
        return isOld || Times.Within(hasFallback ? Hopeful : Cautious) <= left ? LineVerdict.Taken : LineVerdict.NoTime;
    }

    /// <summary>Whether one more call of that priority may be made: lower ones take no room from it.</summary>
    public bool HasRoom(int priority)
    {
        int count = 0;
        for (int i = priority; i < ModelLane.Priorities; i++) count += _underWay[i];
        return count < Limit.Value;
    }

    /// <summary>Seconds until it may be asked again, for a request that was not taken.</summary>
    public double Wait(LineVerdict verdict, double now) => verdict switch
    {
        LineVerdict.Busy => _busyUntil - now,
        LineVerdict.Full or LineVerdict.NoTime => Times.Mean,
        _ => 1,
    };

    /// <summary>A call of that priority begins.</summary>
    public ClusterCall Begin(ClusterDesk desk, int priority)
    {
        _underWay[priority]++;
        UnderWay++;
        Breaker.Sent();
        if (!_idle.TryPop(out var call)) call = new ClusterCall(desk, this);
        call.HasRoom = true;
        return call;
    }

    /// <summary>A call is not under way any more; does nothing the second time.</summary>
    public void Ended(ClusterCall call)
    {
        if (!call.HasRoom) return;
        call.HasRoom = false;
        _underWay[call.Properties.Priority]--;
        UnderWay--;
    }

    /// <summary>Nobody refers to a call any more.</summary>
    public void Return(ClusterCall call)
    {
        // Buffers of many large calls at once are let go, or one burst would pin its size.
        if (_idle.Count < (call.IsLarge ? MostLarge : MostIdle)) _idle.Push(call);
        else call.Dispose();
    }

    /// <summary>The cluster has no room for requests of that priority, nor has it for lower ones for a while.</summary>
    public void LeaveAlone(int priority, double until)
    {
        if (until >= _busyUntil || priority > _busyPriority) (_busyUntil, _busyPriority) = (until, priority);
    }

    /// <summary>A call came to nothing by the cluster's own fault; true where it is one too many.</summary>
    public bool IsTooMany() => ++_failures % MostFailures == 0;

    public void Answered() => _failures = 0;

    public void Dispose()
    {
        Sides.Dispose();
        while (_idle.TryPop(out var call)) call.Dispose();
    }

    // A lane of a version of its own was chosen by it; else the version is the cluster's.
    private bool IsOfVersion(in VersionText asked) => asked.IsEmpty || Lane.Slot.Version is not null || asked.Allows(_standing.Model.VersionUtf8);
}
