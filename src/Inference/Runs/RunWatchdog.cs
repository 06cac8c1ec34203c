using System.Runtime.CompilerServices;

namespace EdgeRuntime.Inference.Runs;

/// <summary>
/// Ends runs at their deadlines with one timer for all of them, and gives up those that do not end within their grace. The timer is moved only towards an earlier deadline; one
/// that fires for a run that has ended in time finds nothing to do. Thread-safe; allocates nothing once warm.
/// </summary>
internal sealed class RunWatchdog
{
    private static readonly ConditionalWeakTable<TimeProvider, RunWatchdog> Shared = [];

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly List<RunGuard> _armed = [];
    private long _next = long.MaxValue;

    private RunWatchdog(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((RunWatchdog)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The watchdog of a clock, the same for all that use it.</summary>
    public static RunWatchdog For(TimeProvider time) => Shared.GetValue(time, static clock => new RunWatchdog(clock));

    public void Arm(RunGuard guard, TimeSpan budget)
    {
        long now = _time.GetTimestamp();
        guard.Due = now + (long)(budget.TotalSeconds * _time.TimestampFrequency);
        lock (_gate)
        {
            _armed.Add(guard);
            if (guard.Due < _next) Schedule_NeedsLock(guard.Due, now);
        }
    }

    public void Disarm(RunGuard guard)
    {
        lock (_gate) _armed.Remove(guard);
    }

    private void Fire()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            long next = long.MaxValue;
            for (int i = _armed.Count - 1; i >= 0; i--)
            {
                if (_armed[i].Due <= now && !StaysArmed_NeedsLock(_armed[i], now)) _armed.RemoveAt(i);
                else next = Math.Min(next, _armed[i].Due);
            }
            _next = long.MaxValue;
            if (next != long.MaxValue) Schedule_NeedsLock(next, now);
        }
    }

    // The first time, a run is told to end; the second, it is given up.
    private bool StaysArmed_NeedsLock(RunGuard guard, long now)
    {
        if (guard.IsTold)
        {
            if (guard.TryAbandon() && guard.Hung is { } hung) ThreadPool.UnsafeQueueUserWorkItem(static told => told(), hung, preferLocal: false);
            return false;
        }
        guard.IsTold = true;
        guard.Terminate(RunOutcome.DeadlineExceeded);
        if (guard.Grace is not { } grace) return false;
        guard.Due = now + (long)(grace.TotalSeconds * _time.TimestampFrequency);
        return true;
    }

    private void Schedule_NeedsLock(long due, long now)
    {
        _next = due;
        var wait = _time.GetElapsedTime(now, due);
        // Timers count whole milliseconds: rounded up, or one would fire just before its deadline and find nothing due.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
