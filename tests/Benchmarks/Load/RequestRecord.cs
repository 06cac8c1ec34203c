using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>What became of one request; timestamps of the monotonic clock, 0 where it did not happen.</summary>
internal record struct RequestRecord
{
    /// <summary>When it ought to be sent: a load that waits for nobody has its own time table.</summary>
    public long Intended;

    /// <summary>When it was given to the link.</summary>
    public long Sent;

    /// <summary>When the first answer was read from the socket.</summary>
    public long Arrived;

    /// <summary>How many answers came.</summary>
    public int Answers;

    public InferenceStatus Status;

    /// <summary>Why it is not OK, as the answer says; null where it is, or does not say.</summary>
    public string? Reason;

    /// <summary>Whether the answer tells of a queue, which a refusal at admission does not.</summary>
    public bool WasAdmitted;

    public long ComputeMicroseconds;

    /// <summary>From reception at the runtime to its run, as the answer says.</summary>
    public long QueueMicroseconds;

    /// <summary>The first number of the version that answered.</summary>
    public int Version;

    public readonly bool IsOk => Answers > 0 && Status == InferenceStatus.Ok;

    public readonly bool IsRefusal => Answers > 0 && Status != InferenceStatus.Ok && !WasAdmitted;
}
