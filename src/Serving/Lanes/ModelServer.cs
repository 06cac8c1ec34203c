using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes.Batching;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// Answers requests of a lane with one model: the one that it is given, and of those that wait the ones that can share its run, on the rung that is chosen
/// as the run begins. Holds buffers of its own: one thread. Whatever happens, each request gets one answer, or an error in the log.
/// </summary>
internal sealed partial class ModelServer : IDisposable
{
    /// <summary>How a request ends that cannot be answered in time any more; nothing was computed for it.</summary>
    public static readonly Outcome WaitedTooLong = new(RefusalReason.Waited, "the request waited too long: the model would not answer before the deadline");

    private static readonly Outcome Bug = new(RefusalReason.Failed, "the runtime failed on this request");

    private readonly ModelLane _lane;
    private readonly ModelRunner _runner;
    private readonly Responder _responder;
    private readonly RequestRecorder _recorder;
    private readonly RequestSeries?[] _series; // of each rung
    private readonly bool[] _isForbidden; // batches, of each rung
    private readonly BatchCollector _collector;
    private readonly Batch _chosen, _run;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationToken _abandon;
    private readonly byte[] _version;
    private readonly InferenceResponse _response = new();
    private readonly Action<BatchMember> _endUnfit;
    private readonly Func<bool> _isUnwanted;
    private long _taken;
    private ServedRung _rung;

    /// <param name="lane">Whose requests it answers.</param>
    /// <param name="model">What answers them.</param>
    /// <param name="responder">Its own.</param>
    /// <param name="recorder">The lane's.</param>
    /// <param name="limits">What a payload may ask for.</param>
    /// <param name="log">Where failures go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandon">Cancelled when time is up: the run under way is ended, and what waits is told that the device shuts down.</param>
    public ModelServer(ModelLane lane, ServedModel model, Responder responder, RequestRecorder recorder, ProtocolLimits limits, EventLog log, TimeProvider time, CancellationToken abandon)
    {
        (_lane, _responder, _log, _time, _abandon) = (lane, responder, log, time, abandon);
        _runner = new ModelRunner(model);
        (_chosen, _run) = (new Batch(_runner.Rules), new Batch(_runner.Rules));
        _collector = new BatchCollector(lane, _runner, limits, time);
        (_version, _recorder) = (Encoding.UTF8.GetBytes(model.Version), recorder);
        (_series, _isForbidden) = (new RequestSeries?[model.Ladder.Count], new bool[model.Ladder.Count]);
        foreach (var rung in model.Rungs) _series[rung.Index] = recorder.Series(model, rung);
        _rung = model.Usable(0);
        (_endUnfit, _isUnwanted) = (EndUnfit, () => _run.IsUnwanted);
    }

    /// <summary>Whether the model's inputs and outputs have rows.</summary>
    public bool IsBatchable => _runner.Rules.IsBatchable;

    /// <summary>Answers a request and those that share its run; its lease stays the caller's to end, theirs are ended here.</summary>
    public void Serve(PendingRequest first)
    {
        _taken = _time.GetTimestamp();
        var variant = Choose(first, out var outcome);
        try
        {
            if (outcome.Status == InferenceStatus.Ok) outcome = Refusal(first);
            if (outcome.Status != InferenceStatus.Ok) Answer(first, outcome, null);
            else Compute(first);
        }
        finally
        {
            variant.Leave();
            _response.Reset();
            _lane.EndTurn();
        }
    }

    public void Dispose() => _runner.Dispose();

    // Asked before anything is computed for a request, and never after.
    private Outcome Refusal(PendingRequest pending)
    {
        if (_abandon.IsCancellationRequested) return ModelRunner.Abandoned;
        return _lane.IsTooLate(_taken, pending) ? WaitedTooLong : Outcome.Ok;
    }

    // A rung that was closed in this moment is chosen no second time. Where no open one meets the floor any more, the best that is tells so.
    private SharedVariant Choose(PendingRequest first, out Outcome outcome)
    {
        var model = _runner.Model;
        while (true)
        {
            var chosen = _lane.ChooseRung(model, first, _taken);
            outcome = chosen is null ? _lane.BelowFloor(model, first.Properties.MinQuality ?? 0) : Outcome.Ok;
            var rung = chosen ?? model.Usable(0);
            if ((rung.Enter() ?? Other(model, first, ref rung)) is not { } variant) continue;
            _rung = rung;
            _series[rung.Index] ??= _recorder.Series(model, rung);
            _runner.Choose(rung.Index, variant.Variant);
            return variant;
        }
    }

    // The lane is told of what was closed a moment later.
    private static SharedVariant? Other(ServedModel model, PendingRequest first, ref ServedRung rung)
    {
        foreach (var open in model.Rungs)
        {
            if (open.Quality < first.Properties.MinQuality || open.Enter() is not { } variant) continue;
            rung = open;
            return variant;
        }
        return null;
    }

    private void Compute(PendingRequest first)
    {
        _chosen.Clear();
        _answered = 0;
        _lane.Started(_taken, 1, _rung.Index);
        _lane.Running.Add(first);
        BatchMember? member = null;
        try
        {
            member = _collector.ReadFirst(first);
            if (member.Outcome.Status == InferenceStatus.Ok)
            {
                _chosen.Add(member);
                _collector.Collect(_chosen, _rung, _taken, _endUnfit);
                RunChosen();
            }
            else Answer(first, member.Outcome, null);
        }
        catch (Exception error)
        {
            // A bug must not take the lane down with it, nor leave a request without an answer.
            Fail(error, first);
        }
        finally
        {
            _lane.Abandoned();
            End(first);
            member?.Clear();
        }
    }

    private void EndUnfit(BatchMember member)
    {
        try
        {
            Answer(member.Pending, member.Outcome, null);
        }
        finally
        {
            var pending = member.Pending;
            member.Clear();
            _lane.Running.Remove(pending);
            pending.End();
        }
    }

    // Ends all but the first, whose lease is the worker's.
    private void End(PendingRequest first)
    {
        _lane.Running.Remove(first);
        for (int i = 0; i < _chosen.Count; i++)
        {
            var pending = _chosen[i].Pending;
            _chosen[i].Clear();
            if (ReferenceEquals(pending, first)) continue;
            _lane.Running.Remove(pending);
            pending.End();
        }
        _chosen.Clear();
    }

    private TimeSpan Left(PendingRequest pending, long now) => _time.GetElapsedTime(now, pending.Due);
}
