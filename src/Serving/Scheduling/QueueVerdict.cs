namespace EdgeRuntime.Serving.Scheduling;

/// <summary>What a queue says to a request.</summary>
/// <param name="Refusal">Why it is not taken; <see cref="QueueRefusal.None"/> where it is.</param>
/// <param name="Completion">When its answer is, or would have been, expected; a timestamp of the clock.</param>
/// <param name="Late">By how much that is too late, in the clock's units: after so long, the same request would have a chance.</param>
internal readonly record struct QueueVerdict(QueueRefusal Refusal, long Completion, long Late = 0)
{
    public bool IsAdmitted => Refusal == QueueRefusal.None;
}
