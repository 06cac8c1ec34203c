namespace EdgeRuntime.Device.Scheduling;

/// <summary>A bounded queue in the order of <see cref="QueueRank"/>. Memory is taken once; adding and taking allocate nothing. Thread-safe.</summary>
internal sealed class RequestQueue<T>(int limit)
    where T : class
{
    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(1); // a lost wake-up costs this much, not for ever
    private readonly object _gate = new();
    private readonly PriorityQueue<T, QueueRank> _waiting = new(Math.Min(limit, 1024));
    private long _arrivals;
    private bool _closed;

    /// <summary>How many may wait.</summary>
    public int Limit { get; } = limit;

    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>False where the queue is full or closed.</summary>
    public bool TryAdd(T request, int priority, long due)
    {
        lock (_gate)
        {
            if (_closed || _waiting.Count >= Limit) return false;
            _waiting.Enqueue(request, new QueueRank(priority, due, _arrivals++));
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for a request; false once the queue is closed and empty.</summary>
    public bool TryTake(out T request)
    {
        lock (_gate)
        {
            while (!_waiting.TryDequeue(out request!, out _))
            {
                if (_closed) return false;
                Monitor.Wait(_gate, Nap);
            }
            return true;
        }
    }

    /// <summary>Takes no more; what waits is still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
