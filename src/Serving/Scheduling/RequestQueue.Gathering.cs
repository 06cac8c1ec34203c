namespace EdgeRuntime.Serving.Scheduling;

// The moment between a run that could begin and its beginning.
internal sealed partial class RequestQueue<T>
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(0.5); // after which somebody else may want the cores

    /// <summary>
    /// Waits for requests that are about to come, where a run does more in a second with them: for milliseconds, a fraction of the run, never into a
    /// promise, and not while another lane wants the cores.
    /// </summary>
    /// <param name="turns">The cores, of which its lane has a turn.</param>
    public void Gather(ComputeTurns turns)
    {
        long now = _time.GetTimestamp();
        GatherPlan plan;
        lock (_gate)
        {
            plan = ReadyToRun_NeedsLock(now);
            if (plan.Until <= now) // as nearly always
            {
                _forecast.Gathering.Begun(now);
                return;
            }
        }
        while (now < plan.Until && !turns.IsWanted)
        {
            int seen = _changed.Version;
            lock (_gate)
                if (IsGathered_NeedsLock(plan, now)) break;
            var left = _time.GetElapsedTime(now, plan.Until);
            _changed.Wait(seen, left < Glance ? left : Glance);
            now = _time.GetTimestamp();
        }
        lock (_gate) _forecast.Gathering.Begun(now);
    }

    /// <summary>A run could begin: whether it should wait.</summary>
    internal GatherPlan ReadyToRun(long now)
    {
        lock (_gate) return ReadyToRun_NeedsLock(now);
    }

    // What is held for a server has its moment: nothing waits for others then.
    private GatherPlan ReadyToRun_NeedsLock(long now)
    {
        var plan = _forecast.ReadyToRun(now, _held > 0 ? 0 : _count);
        return plan.Until > now && IsGathered_NeedsLock(plan, now) ? new GatherPlan(now, _count) : plan;
    }

    private bool IsGathered_NeedsLock(in GatherPlan plan, long now)
    {
        if (_held > 0 || _closed || _count == 0 || _count >= plan.Enough) return true;
        double end = Math.Max(now, plan.Until) + _forecast.SafeTogether(plan.Enough);
        for (int i = 0; i < _count && i < plan.Enough; i++)
            if (At(i).Latest < end) return true;
        return false;
    }
}
