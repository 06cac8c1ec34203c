using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Offload.Execution;

// What its answers, and their absence, say of the cluster.
internal sealed partial class ClusterDesk
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly ITimer _timer;
    private int _isArmed;

    public async Task DrainAsync(TimeSpan patience)
    {
        await Periodic.WhileAsync(() => Array.Exists(Snapshot(), static call => !call.HasFallback), Interval, patience, _time).ConfigureAwait(false);
        foreach (var call in Snapshot())
            if (!call.HasFallback) Lose(call, ModelRunner.Abandoned);
    }

    public async ValueTask DisposeAsync()
    {
        await _health.DisposeAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
            foreach (var line in _lines.Values) line.Dispose();
        Client.Dispose();
    }

    // Its room is free before its client is answered, who may ask for the next one at once.
    private void Learn(ClusterCall call, in ClusterOutcome came)
    {
        bool isLost;
        lock (_gate)
        {
            isLost = Learn_NeedsLock(call, came, Now());
            call.Line.Ended(call);
        }
        if (isLost) _health.Lost(came.Message);
    }

    // It ended and says nothing of the cluster: another may try that.
    private void LearnNothing(ClusterCall call)
    {
        lock (_gate)
        {
            if (call.IsProbe) call.Line.Breaker.GivenUp();
            call.Line.Ended(call);
        }
    }

    // True where the cluster cannot be reached.
    private bool Learn_NeedsLock(ClusterCall call, in ClusterOutcome came, double now)
    {
        var line = call.Line;
        double took = now - call.SentAt;
        switch (came)
        {
            case { IsOk: true }:
                if (line.Breaker.IsOpen) _parts.Log.Info(line.Lane.Id, "the cluster answers for it again");
                line.Answered();
                line.Breaker.Succeeded();
                line.Limit.Answered(took, line.UnderWay, now);
                line.Times.Learn(took, now);
                _health.Answered();
                return false;
            case { Fault: ClusterFault.Cancelled }:
                if (call.IsProbe) line.Breaker.GivenUp();
                return false;
            case { Fault: ClusterFault.Unreachable }:
                Failed_NeedsLock(line, came, now);
                return true;
            case { Status: InferenceStatus.ResourceExhausted }:
                line.Breaker.Succeeded(); // it is there
                line.Limit.Lost(took, now);
                line.LeaveAlone(call.Properties.Priority, now + Math.Max(came.RetryAfter?.TotalSeconds ?? 0, LeastPause));
                return false;
            case { Status: InferenceStatus.DeadlineExceeded }:
                line.Limit.Lost(took, now);
                line.Times.LearnStillGoing(took, now);
                if (call.IsProbe) Failed_NeedsLock(line, came, now);
                return false;
            case { Status: InferenceStatus.InvalidArgument }:
                line.Breaker.Succeeded(); // it is there; the request is wrong
                return false;
            case { Status: InferenceStatus.Unavailable or InferenceStatus.NotFound }:
                Failed_NeedsLock(line, came, now);
                return false;
            default:
                bool isTooMany = line.IsTooMany();
                if (isTooMany) line.Standing = line.Standing.NotReady(came.Message); // it may be another model by now: its metadata is asked for again
                if (isTooMany || call.IsProbe) Failed_NeedsLock(line, came, now);
                return false;
        }
    }

    private void Arm()
    {
        if (Interlocked.Exchange(ref _isArmed, 1) == 0) _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        Volatile.Write(ref _isArmed, 0);
        bool isAny;
        lock (_gate)
        {
            double now = Now();
            isAny = _calls.Count > 0;
            foreach (var call in _calls)
                if (!call.IsLate && now >= call.LateAt) Late_NeedsLock(call, now);
        }
        if (isAny) Arm();
    }

    private void Late_NeedsLock(ClusterCall call, double now)
    {
        double took = now - call.SentAt;
        call.IsLate = true;
        call.Line.Limit.Lost(took, now);
        call.Line.Times.LearnStillGoing(took, now);
        Failed_NeedsLock(call.Line, new ClusterOutcome(InferenceStatus.DeadlineExceeded, ClusterFault.Late, $"no answer within {took * 1000:f0} ms"), now);
    }

    private void Failed_NeedsLock(ClusterLine line, in ClusterOutcome came, double now)
    {
        bool wasOpen = line.Breaker.IsOpen;
        line.Breaker.Failed(now, came.RetryAfter?.TotalSeconds ?? 0);
        if (!wasOpen) _parts.Log.Warning(line.Lane.Id, $"the cluster is not asked for it for a while: {came.Message}");
        if (!wasOpen) _ = Task.Run(_parts.Changed);
    }
}
