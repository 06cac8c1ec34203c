using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>
/// Chooses the members of the next run at the last moment: the first in rank, and of those behind it the ones that can share its run, as many as the
/// lane allows and the tightest deadline among them bears. Others go back to their place, and what was read of them is kept. Never waits for more. One thread.
/// </summary>
internal sealed class BatchCollector(ModelLane lane, ModelRunner runner, ProtocolLimits limits, TimeProvider time)
{
    private const int ReadAhead = 4; // requests that do not fit before it stops looking

    private readonly List<BatchMember> _members = [];

    /// <summary>Requests that could have been in the batch, its own among them.</summary>
    public int Candidates { get; private set; }

    /// <summary>Reads the first; its outcome says whether it can run.</summary>
    public BatchMember ReadFirst(PendingRequest first) => Read(new QueueEntry<PendingRequest>(first, default, first.Due));

    /// <summary>Adds to a batch of one what can share its run.</summary>
    /// <param name="batch">Its first member is in it.</param>
    /// <param name="rung">What it runs on: a request whose floor is above that waits on.</param>
    /// <param name="now">The time.</param>
    /// <param name="unfit">Gets those that are answered without a run: malformed, given up or too late.</param>
    public void Collect(Batch batch, ServedRung rung, long now, Action<BatchMember> unfit)
    {
        Candidates = 1 + lane.Waiting;
        if (Candidates == 1 || runner.Proof.Holds == false) return;
        long tightest = batch[0].Pending.Due;
        int place = 0;
        int most = lane.RowsWithin(tightest - now, batch[0].Pending.Properties.Priority, now, rung.Index);
        most = lane.RowsWorth(Math.Min(most, Candidates * batch.Rows), now, rung.Index);
        if (runner.Proof.Holds is null) most = Math.Min(most, 2 * batch.Rows);
        while (batch.Rows < most && place < ReadAhead && lane.TryTakeCompanion(place, out var entry))
        {
            if (entry.Request.Properties.MinQuality > rung.Quality)
            {
                lane.PutBack(entry);
                place++;
                continue;
            }
            var member = lane.IsTooLate(now, entry.Request) ? TooLate(entry) : Read(entry);
            long due = Math.Min(tightest, entry.Request.Due);
            if (member.Outcome.Status != InferenceStatus.Ok) unfit(member);
            else if (member.Inputs.Fits(batch[0].Inputs, batch.Rules) && batch.Rows + member.Inputs.Rows <= Math.Min(most, lane.RowsWithin(due - now, entry.Request.Properties.Priority, now, rung.Index)))
            {
                batch.Add(member);
                tightest = due;
            }
            else
            {
                member.IsTaken = false;
                lane.PutBack(entry);
                place++;
            }
        }
    }

    private BatchMember Read(in QueueEntry<PendingRequest> entry)
    {
        if (Find(entry.Request) is { } ahead)
        {
            ahead.IsTaken = true;
            return ahead;
        }
        var member = Begin(entry);
        var incoming = entry.Request.Incoming;
        member.Outcome = runner.Model.Check(entry.Request.Properties.ModelVersion);
        if (member.Outcome.Status != InferenceStatus.Ok) return member;
        long begun = time.GetTimestamp();
        member.Outcome = RequestCodec.Read(incoming.ContentType, entry.Request.Properties, incoming.Payload, member.Request, limits) is { } error
            ? Outcome.Of(error)
            : runner.Read(member.Request, member.Inputs);
        if (member.Outcome.Status == InferenceStatus.InvalidArgument) entry.Request.Void();
        if (member.Outcome.Status != InferenceStatus.Ok && lane.IsWorthATurn(time.GetTimestamp() - begun)) entry.Request.Charge();
        return member;
    }

    private BatchMember TooLate(in QueueEntry<PendingRequest> entry)
    {
        var member = Find(entry.Request) ?? Begin(entry);
        (member.IsTaken, member.Outcome) = (true, ModelServer.WaitedTooLong);
        return member;
    }

    private BatchMember? Find(PendingRequest pending)
    {
        foreach (var member in _members)
            if (member.IsOf(pending)) return member;
        return null;
    }

    private BatchMember Begin(in QueueEntry<PendingRequest> entry)
    {
        var member = Free();
        member.Begin(entry);
        return member;
    }

    // What was read ahead is given up where it would fill more memory than the batches do: it is read again when its turn comes.
    private BatchMember Free()
    {
        BatchMember? aside = null;
        foreach (var member in _members)
        {
            if (member.IsFree) return member;
            if (!member.IsTaken) aside = member;
        }
        if (aside is not null && _members.Count >= lane.BatchMost + ReadAhead) return aside;
        aside = new BatchMember(runner.Rules.Inputs.Count);
        _members.Add(aside);
        return aside;
    }
}
