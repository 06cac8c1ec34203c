namespace EdgeRuntime.Serving.Scheduling;

internal sealed partial class RequestQueue<T>
{
    /// <summary>Takes a request, or says why not.</summary>
    /// <param name="request">What would wait.</param>
    /// <param name="standing">Its priority, and its turn among the clients.</param>
    /// <param name="due">Its deadline, by which it is ordered.</param>
    /// <param name="latest">When its answer must be ready at the latest.</param>
    /// <param name="now">The time.</param>
    /// <param name="displaced">One of lower rank that had to make room in a full queue, or that was overtaken until its deadline; the caller's to answer.</param>
    /// <param name="isHeld">Whether it is asked of a server meanwhile, see <see cref="QueueEntry{T}.IsHeld"/>.</param>
    public QueueVerdict TryAdd(T request, QueueStanding standing, long due, long latest, long now, out T? displaced, bool isHeld = false)
    {
        QueueVerdict verdict;
        lock (_gate) verdict = TryAdd_NeedsLock(request, standing, due, latest, now, isHeld, out displaced);
        if (verdict.IsAdmitted) _changed.Set();
        return verdict;
    }

    private QueueVerdict TryAdd_NeedsLock(T request, QueueStanding standing, long due, long latest, long now, bool isHeld, out T? displaced)
    {
        displaced = null;
        if (_closed) return new QueueVerdict(QueueRefusal.Closed, now);
        _forecast.Higher.Arrived(standing.Priority, latest - now, now);
        if (!isHeld) _forecast.Offered(now, standing.Rung);
        var entry = new QueueEntry<T>(request, new QueueRank(standing.Priority, standing.Round, due, _arrivals), latest, standing.Rung, isHeld);
        int place = PlaceOf_NeedsLock(entry.Rank);
        var verdict = Judge_NeedsLock(entry, standing.IsOverShare, place, now);
        if (!verdict.IsAdmitted) return verdict;
        if (_count >= Limit && !TryMakeRoom_NeedsLock(entry.Rank, out displaced)) return verdict with { Refusal = QueueRefusal.Full };
        _arrivals++;
        _forecast.Gathering.Arrived(now);
        Insert_NeedsLock(place, entry);
        if (displaced is null && place < _count - 1 && At(_count - 1) is { IsHeld: false } last && last.Rank.Due < now) displaced = TakeAt_NeedsLock(_count - 1).Request;
        return verdict;
    }

    // What is over its client's share is promised only where others may still overtake it without breaking the promise.
    private const int PartOverShare = 2;

    private QueueVerdict Judge_NeedsLock(in QueueEntry<T> entry, bool isOverShare, int place, long now)
    {
        Span<int> waiting = stackalloc int[_forecast.Rungs];
        for (int i = 0; i < place; i++) Tally(waiting, At(i));
        Tally(waiting, entry);
        // One over its share is first only until another comes.
        long completion = place == 0 && !isOverShare ? _forecast.CompletionOfFirst(now, entry.Rung) : _forecast.Promise(now, waiting, entry.Rank.Priority);
        long latest = isOverShare ? now + (entry.Latest - now) / PartOverShare : entry.Latest;
        if (completion > latest) return new QueueVerdict(completion > entry.Latest ? QueueRefusal.TooLate : QueueRefusal.OverShare, completion, completion - latest);
        if (place >= _forecast.BatchLimit && completion - now > _forecast.Target)
            return new QueueVerdict(QueueRefusal.OverTarget, completion, completion - now - (long)_forecast.Target);
        for (int i = place; i < _count && At(i).Rank.IsPeerOf(entry.Rank); i++)
        {
            Tally(waiting, At(i));
            long late = _forecast.Promise(now, waiting, entry.Rank.Priority) - At(i).Latest;
            // One that has no chance already is not made late by this one.
            if (late > 0 && LikelyWithout(waiting, entry, now) <= At(i).Rank.Due) return new QueueVerdict(QueueRefusal.DelaysAnother, completion, late);
        }
        return new QueueVerdict(QueueRefusal.None, completion);
    }

    private static void Tally(Span<int> waiting, in QueueEntry<T> entry, int by = 1) => waiting[Math.Clamp(entry.Rung, 0, waiting.Length - 1)] += by;

    private long LikelyWithout(Span<int> waiting, in QueueEntry<T> entry, long now)
    {
        Tally(waiting, entry, -1);
        long completion = _forecast.Likely(now, waiting);
        Tally(waiting, entry);
        return completion;
    }

    // Only a lower priority makes room: within one, whoever was accepted first has the place.
    private bool TryMakeRoom_NeedsLock(QueueRank rank, out T? displaced)
    {
        displaced = null;
        if (_count == 0 || At(_count - 1).Rank.Priority >= rank.Priority) return false;
        displaced = TakeAt_NeedsLock(_count - 1).Request;
        return true;
    }

    private int PlaceOf_NeedsLock(QueueRank rank)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (At(middle).Rank.CompareTo(rank) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private ref QueueEntry<T> At(int place) => ref _entries[_head + place];

    private void Insert_NeedsLock(int place, in QueueEntry<T> entry)
    {
        if (_head + _count == _entries.Length) MakeSpace_NeedsLock();
        var tail = _entries.AsSpan(_head + place, _count - place + 1);
        tail[..^1].CopyTo(tail[1..]);
        tail[0] = entry;
        if (entry.IsHeld) _held++;
        _count++;
    }

    // Half of the array is kept empty, so that moving everything to its front is rare.
    private void MakeSpace_NeedsLock()
    {
        var target = _count * 2 >= _entries.Length ? new QueueEntry<T>[_entries.Length * 2] : _entries;
        _entries.AsSpan(_head, _count).CopyTo(target);
        if (target == _entries) Array.Clear(_entries, _count, _entries.Length - _count);
        (_entries, _head) = (target, 0);
    }

    private QueueEntry<T> TakeAt_NeedsLock(int place)
    {
        var entry = At(place);
        if (entry.IsHeld) _held--;
        if (place == 0)
        {
            _entries[_head++] = default;
            if (--_count == 0) _head = 0;
            return entry;
        }
        var tail = _entries.AsSpan(_head + place, _count - place);
        tail[1..].CopyTo(tail);
        tail[^1] = default;
        _count--;
        return entry;
    }
}
