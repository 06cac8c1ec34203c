using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Offload.Execution;

// What comes back.
internal sealed partial class ClusterDesk
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);
    private static readonly byte[] Variant = Encoding.ASCII.GetBytes(ClusterVariant);

    /// <summary>The cluster was asked, and this came of it.</summary>
    public void Answered(ClusterCall call, in ClusterOutcome came)
    {
        Learn(call, came);
        var outcome = came.IsOk ? call.Build() : Refusal(came);
        if (outcome.Status == InferenceStatus.Ok) Give(call);
        else Lose(call, outcome);
    }

    /// <summary>The request cannot be sent as it is.</summary>
    public void Unsent(ClusterCall call, in Outcome outcome)
    {
        LearnNothing(call);
        Lose(call, outcome);
    }

    public void Broke(ClusterCall call, Exception error)
    {
        _parts.Log.Error(call.Line.Lane.Id, $"a call to the cluster failed here: {error.GetType().Name}: {error.Message}");
        Unsent(call, new Outcome(RefusalReason.Failed, "the runtime failed on this request"));
    }

    /// <summary>A call is not under way any more.</summary>
    public void CallEnded(ClusterCall call)
    {
        lock (_gate)
        {
            call.Line.Ended(call);
            _calls.Remove(call);
        }
    }

    /// <summary>Its lease ended before it could be sent.</summary>
    public void NotSent(ClusterCall call)
    {
        LearnNothing(call);
        CallEnded(call);
    }

    /// <summary>A call may be used again.</summary>
    public void Return(ClusterCall call)
    {
        lock (_gate) call.Line.Return(call);
    }

    private void Give(ClusterCall call)
    {
        lock (call.Gate)
        {
            if (!call.TryEnd_NeedsLock()) return;
            var pending = call.Pending;
            try
            {
                if (pending.TryAnswer()) Send(call);
            }
            finally
            {
                if (!call.HasFallback || call.Line.Lane.TryRemove(pending)) pending.End(); // else its worker's to end
            }
        }
    }

    private void Send(ClusterCall call)
    {
        var (pending, line) = (call.Pending, call.Line);
        long now = _time.GetTimestamp();
        var (total, compute) = (_time.GetElapsedTime(pending.Incoming.ReceivedTimestamp, now), TimeSpan.FromSeconds(Math.Max(0, Now() - call.SentAt)));
        var queue = total > compute ? total - compute : TimeSpan.Zero;
        var tale = new AnswerTale
        {
            Variant = Variant,
            ModelVersion = call.Answer.ModelVersion,
            IsOffloaded = true,
            Queue = queue,
            Compute = compute,
            Left = _time.GetElapsedTime(now, pending.Due),
        };
        var told = call.Responder.Answer(pending.Incoming, Outcome.Ok, call.Answer, call.Properties.Accept, tale);
        line.Recorder.Record(pending, line.Series, told.Reason, queue, compute);
    }

    // With a fallback it is the lane's, which takes it in its turn; else its client is told at once.
    private void Lose(ClusterCall call, in Outcome outcome)
    {
        lock (call.Gate)
        {
            if (!call.TryEnd_NeedsLock()) return;
            if (call.HasFallback) call.Line.Lane.Release(call.Pending);
            else _parts.Role.Dismissal.End(call.Pending, call.Line.Lane.Name, outcome);
        }
    }

    private static Outcome Refusal(in ClusterOutcome came)
    {
        var reason = Reason(came);
        var wait = reason is RefusalReason.NoServer or RefusalReason.ServerBusy ? came.RetryAfter ?? Later : came.RetryAfter;
        return new Outcome(reason, came.Message, wait);
    }

    private static RefusalReason Reason(in ClusterOutcome came) => came.Status switch
    {
        InferenceStatus.InvalidArgument => RefusalReason.Malformed,
        InferenceStatus.DeadlineExceeded => RefusalReason.Deadline,
        InferenceStatus.ResourceExhausted => RefusalReason.ServerBusy,
        // That a model is not there is this server's affair: the one who asked has its name right.
        InferenceStatus.Unavailable or InferenceStatus.NotFound or InferenceStatus.Cancelled => RefusalReason.NoServer,
        _ => RefusalReason.Failed,
    };
}
