namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// The order in which requests leave a queue: higher priority, then the earlier round, of which each client has a share, then the earlier deadline, then
/// arrival. Total, since no two arrivals are the same.
/// </summary>
internal readonly record struct QueueRank(int Priority, long Round, long Due, long Arrival) : IComparable<QueueRank>
{
    public int CompareTo(QueueRank other)
    {
        if (Priority != other.Priority) return other.Priority.CompareTo(Priority);
        if (Round != other.Round) return Round.CompareTo(other.Round);
        return Due != other.Due ? Due.CompareTo(other.Due) : Arrival.CompareTo(other.Arrival);
    }

    /// <summary>Whether the deadlines of both are kept against each other; only a higher priority may overtake whatever that costs.</summary>
    public bool IsPeerOf(QueueRank other) => Priority == other.Priority;
}
