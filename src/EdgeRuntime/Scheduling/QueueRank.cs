namespace EdgeRuntime.Device.Scheduling;

/// <summary>The order in which requests leave a queue: higher priority, then the earlier deadline, then arrival.</summary>
internal readonly record struct QueueRank(int Priority, long Due, long Arrival) : IComparable<QueueRank>
{
    public int CompareTo(QueueRank other)
    {
        if (Priority != other.Priority) return other.Priority.CompareTo(Priority);
        return Due != other.Due ? Due.CompareTo(other.Due) : Arrival.CompareTo(other.Arrival);
    }
}
