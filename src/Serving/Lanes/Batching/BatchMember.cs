using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>One request that was read, in a batch or still ahead of one. Kept from request to request with its buffers. One thread.</summary>
internal sealed class BatchMember(int inputs)
{
    private QueueEntry<PendingRequest> _entry;
    private long _lease;

    public InferenceRequest Request { get; } = new();

    public MemberInputs Inputs { get; } = new(inputs);

    /// <summary>What is wrong with the request; OK where it can run.</summary>
    public Outcome Outcome { get; set; }

    /// <summary>Where its rows begin in the batch.</summary>
    public int FirstRow { get; set; }

    public PendingRequest Pending => _entry.Request;

    /// <summary>Whether it belongs to the run that is made up now; else it was read ahead.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether it holds nothing, or what it read ahead was ended while it waited.</summary>
    public bool IsFree => _entry.Request is null || (!IsTaken && _lease != _entry.Request.Lease);

    public void Begin(in QueueEntry<PendingRequest> entry)
    {
        Request.Reset();
        (_entry, _lease, Outcome, IsTaken) = (entry, entry.Request.Lease, Outcome.Ok, true);
    }

    /// <summary>Whether this is the reading of a request that was put back and is taken again, not of another that has its lease now.</summary>
    public bool IsOf(PendingRequest pending) => ReferenceEquals(_entry.Request, pending) && _lease == pending.Lease;

    /// <summary>Lets go of the request and its payload.</summary>
    public void Clear()
    {
        Request.Reset();
        (_entry, IsTaken) = (default, false);
    }
}
