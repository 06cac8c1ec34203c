namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// Turns on the cores: as many lanes compute at once as there is room for, so that each run takes what it takes alone (Clockwork, Gujarati et al. 2020).
/// Whose turn it is: the highest priority, then who has had least for its weight, then the earliest deadline; but who has waited too long comes first, so
/// that none starves. Thread-safe. A turn that nobody has to wait for costs a lock.
/// </summary>
internal sealed class ComputeTurns(int slots, TimeProvider time)
{
    // A turn that is not given back in this time no longer keeps others away: its run hangs, or is of a kind that must not stop everybody.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500), Nap = TimeSpan.FromMilliseconds(100);
    private const int Naps = 10; // then whoever waits looks at its queue again

    private readonly object _gate = new();
    private readonly List<Contender> _contenders = [];
    private readonly long _longestTurn = Units(LongestTurn, time), _longestWait = Units(LongestWait, time);
    private int _taken, _waiting;
    private double _virtualNow;

    /// <summary>One lane among the others. What it holds is guarded by its turns.</summary>
    public sealed class Contender(double weight)
    {
        internal double Weight { get; set; } = weight;
        /// <summary>Compute time that it has had, divided by its weight.</summary>
        internal double VirtualTime { get; set; }
        internal bool IsWaiting { get; set; }
        internal bool HasTurn { get; set; }
        internal int Priority { get; set; }
        internal long Due { get; set; }
        internal long Since { get; set; }
    }

    /// <summary>Whether more than one lane is there to wait for.</summary>
    public bool IsShared => _contenders.Count > slots;

    /// <summary>Whether somebody waits for a turn.</summary>
    public bool IsWanted => Volatile.Read(ref _waiting) > 0;

    /// <summary>Another lane takes part, until it parts.</summary>
    public Contender Join(double weight)
    {
        lock (_gate)
        {
            var contender = new Contender(weight) { VirtualTime = _virtualNow };
            _contenders.Add(contender);
            return contender;
        }
    }

    /// <summary>A lane has another part of the cores from its next turn on.</summary>
    public void Weigh(Contender contender, double weight)
    {
        lock (_gate) contender.Weight = weight;
    }

    /// <summary>A lane that wants no turn any more; does nothing the second time.</summary>
    public void Part(Contender contender)
    {
        Leave(contender);
        lock (_gate) _contenders.Remove(contender);
    }

    /// <summary>Waits for a turn; false where none came before the deadline, or in a second.</summary>
    /// <param name="contender">Whose; one that has a turn has it already.</param>
    /// <param name="priority">Of its first request.</param>
    /// <param name="due">That request's deadline.</param>
    /// <param name="now">The time.</param>
    public bool TryEnter(Contender contender, int priority, long due, long now)
    {
        lock (_gate)
        {
            if (contender.HasTurn) return true;
            Want_NeedsLock(contender, priority, due, now);
            Grant_NeedsLock(now);
            return contender.HasTurn || Wait_NeedsLock(contender, due);
        }
    }

    /// <summary>Ends a turn of a lane that wants another one: it gets it at once where that is due to it. Else as <see cref="Leave"/>.</summary>
    public void Yield(Contender contender, int priority, long due)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (!contender.HasTurn) return;
            End_NeedsLock(contender, now);
            Want_NeedsLock(contender, priority, due, now);
            Grant_NeedsLock(now);
        }
    }

    /// <summary>Ends a turn, or the wish for one; does nothing where there is none any more.</summary>
    public void Leave(Contender contender)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (contender.HasTurn) End_NeedsLock(contender, now);
            StopWanting_NeedsLock(contender);
            Grant_NeedsLock(now);
        }
    }

    private void Want_NeedsLock(Contender contender, int priority, long due, long now)
    {
        (contender.Priority, contender.Due) = (priority, due);
        if (contender.IsWaiting) return;
        // Time in which it wanted nothing is not saved up.
        contender.VirtualTime = Math.Max(contender.VirtualTime, _virtualNow);
        (contender.IsWaiting, contender.Since) = (true, now);
        _waiting++;
    }

    private void StopWanting_NeedsLock(Contender contender)
    {
        if (contender.IsWaiting) _waiting--;
        contender.IsWaiting = false;
    }

    private bool Wait_NeedsLock(Contender contender, long due)
    {
        for (int nap = 0; nap < Naps && !contender.HasTurn; nap++)
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), due);
            if (left <= TimeSpan.Zero) break;
            Monitor.Wait(_gate, left < Nap ? left : Nap);
            long now = time.GetTimestamp();
            Revoke_NeedsLock(now);
            Grant_NeedsLock(now);
        }
        if (!contender.HasTurn) StopWanting_NeedsLock(contender);
        return contender.HasTurn;
    }

    private void Grant_NeedsLock(long now)
    {
        while (_waiting > 0 && _taken < slots)
        {
            Contender? next = null;
            foreach (var contender in _contenders)
                if (contender.IsWaiting && (next is null || IsBefore(contender, next, now))) next = contender;
            (next!.IsWaiting, next.HasTurn, next.Since) = (false, true, now);
            _virtualNow = Math.Max(_virtualNow, next.VirtualTime);
            (_waiting, _taken) = (_waiting - 1, _taken + 1);
            Monitor.PulseAll(_gate);
        }
    }

    private bool IsBefore(Contender left, Contender right, long now)
    {
        bool starves = now - left.Since > _longestWait, otherStarves = now - right.Since > _longestWait;
        if (starves || otherStarves) return starves && (!otherStarves || left.Since < right.Since);
        if (left.Priority != right.Priority) return left.Priority > right.Priority;
        return left.VirtualTime != right.VirtualTime ? left.VirtualTime < right.VirtualTime : left.Due < right.Due;
    }

    private void Revoke_NeedsLock(long now)
    {
        foreach (var contender in _contenders)
            if (contender.HasTurn && now - contender.Since > _longestTurn) End_NeedsLock(contender, now);
    }

    private void End_NeedsLock(Contender contender, long now)
    {
        contender.HasTurn = false;
        contender.VirtualTime += (now - contender.Since) / contender.Weight;
        _taken--;
    }

    private static long Units(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
