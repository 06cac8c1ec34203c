namespace EdgeRuntime.Serving.Scheduling;

// Requests that a server is asked for keep their place as a promise, and are taken when they must be: as late as all promises allow (EDL, Chetto and Chetto 1989).
internal sealed partial class RequestQueue<T>
{
    private static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(5), Soonest = TimeSpan.FromMilliseconds(1);

    private int _held;

    /// <summary>Whether it would be taken, and when its answer would be ready; nothing changes.</summary>
    /// <param name="standing">As for <see cref="TryAdd"/>.</param>
    /// <param name="due">Its deadline.</param>
    /// <param name="now">The time.</param>
    /// <param name="run">What would run, as far as its rung hangs on it.</param>
    public Foresight Foresee(QueueStanding standing, long due, long now, in RunAhead run)
    {
        lock (_gate)
        {
            if (_closed) return default;
            var entry = new QueueEntry<T>(null!, new QueueRank(standing.Priority, standing.Round, due, _arrivals), run.Latest, standing.Rung);
            bool isAdmitted = Judge_NeedsLock(entry, standing.IsOverShare, PlaceOf_NeedsLock(entry.Rank), now).IsAdmitted && _count < Limit;
            return isAdmitted ? _forecast.Foresee(Fullness_NeedsLock(now), run) : default;
        }
    }

    /// <summary>What a request takes once its turn has come; in the clock's units.</summary>
    /// <param name="now">The time.</param>
    /// <param name="waits">Is given what a request waits that comes now, behind all of its priority; by priority, lowest first.</param>
    public long Outlook(long now, Span<long> waits)
    {
        lock (_gate)
        {
            long service = (long)_forecast.Typical(1, now, 0);
            for (int priority = 0, ahead = _count; priority < waits.Length; priority++)
            {
                while (ahead > 0 && At(ahead - 1).Rank.Priority < priority) ahead--;
                waits[priority] = Math.Max(0, _forecast.Completion(now, ahead) - now - service);
            }
            return service;
        }
    }

    /// <summary>The server does not answer it: it is taken in its turn. False where it does not wait here any more.</summary>
    public bool Release(T request)
    {
        bool found = false;
        lock (_gate)
        {
            if (_held > 0 && IndexOf_NeedsLock(request) is >= 0 and var place) found = Release_NeedsLock(place);
        }
        if (found) _changed.Set();
        return found;
    }

    /// <summary>Takes one out that was answered elsewhere; false where it does not wait here any more.</summary>
    public bool TryRemove(T request)
    {
        lock (_gate)
        {
            int place = IndexOf_NeedsLock(request);
            if (place >= 0) TakeAt_NeedsLock(place);
            return place >= 0;
        }
    }

    // How much of the time up to the tightest deadline is promised, or can be expected to be: 0 nothing, 1 all of it.
    private double Fullness_NeedsLock(long now)
    {
        double most = _forecast.Coming(now);
        for (int i = 0; i < _count; i++)
        {
            double left = At(i).Latest - now;
            most = Math.Max(most, left <= 0 ? 1 : (_forecast.Completion(now, i) - now) / left);
        }
        return Math.Min(1, most);
    }

    private int IndexOf_NeedsLock(T request)
    {
        for (int i = 0; i < _count; i++)
            if (ReferenceEquals(At(i).Request, request)) return i;
        return -1;
    }

    private bool Release_NeedsLock(int place)
    {
        ref var entry = ref At(place);
        if (!entry.IsHeld) return false;
        entry = entry with { IsHeld = false };
        _held--;
        _forecast.Offered(_time.GetTimestamp(), entry.Rung); // a server's until now
        return true;
    }

    /// <summary>The place of the first that may be taken, those that must be by now among them; the count where there is none.</summary>
    private int FirstFree_NeedsLock()
    {
        long now = _time.GetTimestamp();
        int next = Free_NeedsLock(0);
        // Where the next run is another's with more time left, it would end before this is looked at again.
        long then = now + Units(Guard), thenBehindOne = then + (long)_forecast.Typical(1, now, next < _count ? At(next).Rung : 0);
        double moment = double.PositiveInfinity;
        for (int i = _count - 1; i >= 0; i--)
        {
            ref var entry = ref At(i);
            moment = LastMoment_NeedsLock(entry, moment, now);
            if (entry.IsHeld && moment <= (i < next && next < _count ? thenBehindOne : then)) Release_NeedsLock(i);
        }
        return Free_NeedsLock(0);
    }

    // When it must begin at the latest, so that those behind it can begin when they must.
    private double LastMoment_NeedsLock(in QueueEntry<T> entry, double behind, long now) => Math.Min(behind, entry.Latest) - _forecast.Alone(now, entry.Rung);

    private int Free_NeedsLock(int skip)
    {
        for (int i = 0; i < _count; i++)
            if (!At(i).IsHeld && skip-- == 0) return i;
        return _count;
    }

    // Until the first of those that are held must be looked at.
    private TimeSpan HeldNap()
    {
        lock (_gate)
        {
            if (_held == 0) return Nap;
            long now = _time.GetTimestamp();
            double moment = double.PositiveInfinity, first = double.PositiveInfinity;
            for (int i = _count - 1; i >= 0; i--)
            {
                moment = LastMoment_NeedsLock(At(i), moment, now);
                if (At(i).IsHeld) first = moment;
            }
            var left = _time.GetElapsedTime(now, (long)Math.Min(first, now + _time.TimestampFrequency)) - Guard;
            return left < Soonest ? Soonest : left < Nap ? left : Nap;
        }
    }

    private long Units(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
