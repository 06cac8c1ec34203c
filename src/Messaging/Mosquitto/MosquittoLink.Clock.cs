namespace EdgeRuntime.Messaging;

// Deadlines are timestamps of the link's clock.
public sealed partial class MosquittoLink
{
    private long Later(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * _time.TimestampFrequency);

    private TimeSpan Until(long deadline) => TimeSpan.FromSeconds((deadline - _time.GetTimestamp()) / (double)_time.TimestampFrequency);

    private static void Arm(ITimer timer, TimeSpan due) => timer.Change(Milliseconds(due), Timeout.InfiniteTimeSpan);

    private static void Disarm(ITimer timer) => timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    // Timers count whole milliseconds: rounded up, so that none comes early only to be set again.
    private static TimeSpan Milliseconds(TimeSpan span) => TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(span.TotalMilliseconds), 0, int.MaxValue));
}
