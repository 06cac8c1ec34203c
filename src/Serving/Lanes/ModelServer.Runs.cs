using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes.Batching;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Lanes;

// From the chosen requests to their answers: one run, or several where one failed.
internal sealed partial class ModelServer
{
    private readonly Stack<(int From, int Count)> _parts = new();
    private int _answered;

    private void RunChosen()
    {
        _parts.Clear();
        bool isProof = _chosen.Count == 2 && _runner.Proof.Holds is null;
        if (isProof) Split(0, 2, 1);
        else _parts.Push((0, _chosen.Count));
        while (_parts.TryPop(out var part)) RunPart(part.From, part.Count, isProof);
        if (isProof) Prove();
        if (_runner.Proof.Holds == false && !_isForbidden[_rung.Index]) Forbid();
    }

    private void Forbid()
    {
        _isForbidden[_rung.Index] = true;
        _lane.ForbidBatches(this, _rung.Index);
    }

    private void RunPart(int from, int count, bool isProof)
    {
        _run.Clear();
        for (int i = from; i < from + count; i++)
        {
            _run.Add(_chosen[i]);
            _chosen[i].Pending.Charge();
        }
        long start = from == 0 ? _taken : _time.GetTimestamp();
        _lane.Started(start, _run.Rows, _rung.Index);
        long begun = _time.GetTimestamp();
        var outcome = RunOnce();
        long computed = _time.GetTimestamp() - begun;
        if (HasFailed(outcome) && count > 1)
        {
            // Whatever it was, one request must not fail those that ran with it.
            if (_runner.LackedMemory) _lane.OutOfMemory(this, _rung.Index, _run.Rows);
            Split(from, count, _runner.LackedMemory ? (count + 1) / 2 : 1);
            return;
        }
        if (outcome.Status == InferenceStatus.Ok) _recorder.Batch(count);
        if (isProof && outcome.Status == InferenceStatus.Ok) _runner.KeepForProof(_run, from);
        for (int i = from; i < from + count; i++, _answered++) AnswerMember(_chosen[i], outcome);
        // A run that its deadline ended says that such runs take at least so long.
        if (outcome.Status is InferenceStatus.Ok or InferenceStatus.DeadlineExceeded)
            _lane.Ended(new CompletedRun(_time.GetTimestamp(), _run.Rows, count, Math.Max(_collector.Candidates, count), computed));
        else _lane.Abandoned();
    }

    private Outcome RunOnce()
    {
        _lane.Running.Begin(_run, _runner);
        try
        {
            return _run.IsUnwanted ? ModelRunner.Cancelled : _runner.Run(_run, LongestLeft(), _abandon, _isUnwanted);
        }
        finally
        {
            _lane.Running.End();
        }
    }

    private void Split(int from, int count, int size)
    {
        for (int at = from + (count - 1) / size * size; at >= from; at -= size) _parts.Push((at, Math.Min(size, from + count - at)));
    }

    private static bool HasFailed(in Outcome outcome) => outcome.Status is InferenceStatus.Internal or InferenceStatus.ResourceExhausted or InferenceStatus.InvalidArgument;

    private TimeSpan LongestLeft()
    {
        long now = _time.GetTimestamp();
        var longest = TimeSpan.MinValue;
        for (int i = 0; i < _run.Count; i++)
            if (Left(_run[i].Pending, now) is var left && left > longest) longest = left;
        return longest;
    }

    /// <summary>
    /// Finds out, before it serves, whether requests may share its runs, on what the bundle is tested with: else those that wait as the first two could would
    /// wait for that too.
    /// </summary>
    /// <exception cref="Bundles.BundleException">The bundle's vectors cannot be read.</exception>
    /// <exception cref="Inference.InferenceException">A vector has no array for an input.</exception>
    public void Rehearse()
    {
        if (_runner.Proof.Holds is not null || GoldenPair.Read(_runner.Model.Bundle, _runner.Rules) is not { } pair) return;
        _runner.ProveFromScratch(pair.First, pair.Second, ProofBudget, _abandon);
        TellProof();
    }

    // Both have their answers; what waits loses one run, once in the life of a model.
    private void Prove()
    {
        _runner.Prove(_chosen[0], _chosen[1], ProofBudget, _abandon);
        TellProof();
    }

    private void TellProof()
    {
        if (_runner.Proof.Holds == false) _log.Info(_lane.Id, $"requests do not share runs: {_runner.Proof.Reason}");
    }

    private static readonly TimeSpan ProofBudget = TimeSpan.FromSeconds(10);

    private void AnswerMember(BatchMember member, Outcome outcome)
    {
        try
        {
            var pending = member.Pending;
            if (pending.IsCancelled) outcome = ModelRunner.Cancelled;
            else if (outcome.Status == InferenceStatus.Ok) outcome = _runner.Build(_run, member, member.Request, pending.Properties.Accept, _response);
            if (outcome.Status != InferenceStatus.Cancelled) _lane.NoteEnd(outcome, _rung);
            Answer(pending, outcome, pending.Properties.Accept);
        }
        catch (Exception error)
        {
            _log.Error(_lane.Id, $"an answer could not be written: {error.GetType().Name}: {error.Message}");
        }
    }

    private void Answer(PendingRequest pending, in Outcome outcome, PayloadFormat? accept)
    {
        if (!pending.TryAnswer()) return;
        long now = _time.GetTimestamp();
        var (queue, compute, told) = (_time.GetElapsedTime(pending.Incoming.ReceivedTimestamp, _taken), _time.GetElapsedTime(_taken, now), Bug);
        try
        {
            told = _responder.Answer(pending.Incoming, outcome, _response, accept, new Responses.AnswerTale
            {
                Variant = _rung.Utf8Id,
                IsDegraded = _rung.Index > 0,
                ModelVersion = _version,
                Queue = queue,
                Compute = compute,
                Left = Left(pending, now),
            });
        }
        finally
        {
            if (outcome.Status is InferenceStatus.Ok or InferenceStatus.DeadlineExceeded) _lane.Promised(pending.Properties.Priority, _taken - pending.Admitted, outcome.Status == InferenceStatus.Ok && now <= pending.Due);
            _recorder.Record(pending, _series[_rung.Index]!, told.Reason, queue, compute);
        }
    }

    // Those that have no answer yet get this one.
    private void Fail(Exception error, PendingRequest first)
    {
        _log.Error(_lane.Id, $"a request failed unexpectedly: {error.GetType().Name}: {error.Message}");
        if (_chosen.Count == 0) Answer(first, Bug, null);
        for (; _answered < _chosen.Count; _answered++) AnswerMember(_chosen[_answered], Bug);
    }
}
