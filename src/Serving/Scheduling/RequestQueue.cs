namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// A bounded queue in the order of <see cref="QueueRank"/> that takes only what will be answered in time, by its lane's forecast, and what makes none
/// late that was taken before. Adding and taking allocate nothing once it has grown. Thread-safe; everything happens under one lock for microseconds.
/// </summary>
internal sealed partial class RequestQueue<T>
    where T : class
{
    private const int Room = 64;
    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(1); // a lost wake-up costs this much, not for ever

    private readonly Lock _gate = new();
    private readonly WorkSignal _changed = new();
    private readonly LaneForecast _forecast;
    private QueueEntry<T>[] _entries = new QueueEntry<T>[Room];
    private int _head, _count; // in order from the head on
    private long _arrivals;
    private bool _closed;
    private readonly TimeProvider _time;

    /// <param name="limit">How many may wait.</param>
    /// <param name="forecast">The lane's.</param>
    /// <param name="time">The clock; needed where requests are held.</param>
    public RequestQueue(int limit, LaneForecast forecast, TimeProvider? time = null) => (Limit, _forecast, _time) = (limit, forecast, time ?? TimeProvider.System);

    /// <summary>How many may wait.</summary>
    public int Limit { get; }

    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Reads or changes the forecast under the queue's lock.</summary>
    public void Update<TArgument>(in TArgument argument, Action<LaneForecast, TArgument> change)
    {
        lock (_gate) change(_forecast, argument);
    }

    /// <inheritdoc cref="LaneForecast.Unslowed"/>
    public double Unslowed(int last)
    {
        lock (_gate) return _forecast.Unslowed(last);
    }

    /// <summary>What the next run is hoped to take, made of those that wait; 0 where none does.</summary>
    public long NextRun()
    {
        lock (_gate) return _count > 0 ? (long)_forecast.NextRun(_count) : 0;
    }

    /// <inheritdoc cref="LaneForecast.RowsWithin"/>
    public int RowsWithin(long span, int priority, long now, int rung)
    {
        lock (_gate) return _forecast.RowsWithin(span, priority, now, rung);
    }

    /// <inheritdoc cref="LaneForecast.RowsWorth"/>
    public int RowsWorth(int rows, long now, int rung)
    {
        lock (_gate) return _forecast.RowsWorth(rows, now, rung);
    }

    /// <summary>How many rows a run may have.</summary>
    public int BatchLimit
    {
        get
        {
            lock (_gate) return _forecast.BatchLimit;
        }
    }

    /// <summary>Waits until there is something to take, and shows the first; false once the queue is closed and empty.</summary>
    public bool TryPeek(out QueueEntry<T> first)
    {
        while (true)
        {
            int seen = _changed.Version;
            lock (_gate)
            {
                if (TryFirst_NeedsLock(out first)) return true;
                if (_closed) return false;
            }
            _changed.Wait(seen, HeldNap());
        }
    }

    /// <summary>Shows the first, without waiting.</summary>
    public bool TryPeekNow(out QueueEntry<T> first)
    {
        lock (_gate) return TryFirst_NeedsLock(out first);
    }

    /// <summary>Takes the first one at or after a place, without waiting; what is held for a server is passed over.</summary>
    public bool TryTakeNow(int place, out QueueEntry<T> entry)
    {
        lock (_gate)
        {
            int at = _held == 0 ? place : Free_NeedsLock(place);
            entry = at < _count ? TakeAt_NeedsLock(at) : default;
            return entry.Request is not null;
        }
    }

    /// <summary>Puts one back that was taken, to where it was; a queue that is full or closed takes it all the same.</summary>
    public void PutBack(in QueueEntry<T> entry)
    {
        lock (_gate) Insert_NeedsLock(PlaceOf_NeedsLock(entry.Rank), entry with { IsHeld = false });
        _changed.Set();
    }

    /// <summary>Takes a request out that need not be answered any more; null where it does not wait here.</summary>
    public T? Remove(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation, QueueMatch<T> isIt)
    {
        lock (_gate)
        {
            for (int i = 0; i < _count; i++)
                if (isIt(At(i).Request, client, correlation)) return TakeAt_NeedsLock(i).Request;
            return null;
        }
    }

    /// <summary>Takes no more; what waits is still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            for (int i = 0; i < _count; i++) Release_NeedsLock(i);
        }
        _changed.Set();
    }

    private bool TryFirst_NeedsLock(out QueueEntry<T> first)
    {
        int place = _held == 0 ? 0 : FirstFree_NeedsLock();
        first = place < _count ? At(place) : default;
        return place < _count;
    }
}
